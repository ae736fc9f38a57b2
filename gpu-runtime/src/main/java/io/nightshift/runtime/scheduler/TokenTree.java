package io.nightshift.runtime.scheduler;

/**
 * Candidate continuations of a prompt, computed in the same step as the last token of the prompt.
 * See {@link io.nightshift.runtime.runner.StepSequence} for the semantics.
 *
 * @param tokens token ids of the nodes, parents before children; may be empty
 * @param parents index of the parent of each node; -1 for the last token of the prompt
 * @param logitsRows number of tokens that need logits, among the last token of the prompt and the
 *     nodes
 */
public record TokenTree(int[] tokens, int[] parents, int logitsRows) {

  public int size() {
    return tokens.length;
  }
}
