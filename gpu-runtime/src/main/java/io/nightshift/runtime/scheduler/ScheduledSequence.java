package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.runner.StepSequence;

/**
 * What a step computes of one sequence.
 *
 * @param sequence the sequence
 * @param query the query tokens, with the sequence's tree where this is its last chunk
 * @param last whether the query reaches the sequence's last token, so that logits are wanted
 */
public record ScheduledSequence(Sequence sequence, StepSequence query, boolean last) {

  /** Query tokens that are not nodes of a tree. */
  public int ordinaryTokens() {
    return query.tokens().length - query.treeSize();
  }
}
