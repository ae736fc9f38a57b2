package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.runner.StepSequence;

/**
 * The part of one sequence that a step computes.
 *
 * @param sequence the sequence
 * @param query the query tokens, with the tree of the sequence if this is its last chunk
 * @param start number of tokens of the sequence before the query
 * @param last whether the query includes the last token of the sequence, so that logits are needed
 */
public record ScheduledSequence(Sequence sequence, StepSequence query, int start, boolean last) {

  /** Number of query tokens that are not nodes of a tree. */
  public int ordinaryTokens() {
    return query.tokens().length - query.treeSize();
  }
}
