package io.nightshift.runtime.scheduler;

/**
 * Candidate continuations of a prompt, computed in the same step as the prompt's last token; see
 * {@link io.nightshift.runtime.runner.StepSequence} for the meaning.
 *
 * @param tokens token ids of the nodes, parents before children; may be empty
 * @param parents index of each node's parent, -1 for the prompt's last token
 * @param logitsRows how many of the prompt's last token and the nodes need logits
 */
public record TokenTree(int[] tokens, int[] parents, int logitsRows) {

  public int size() {
    return tokens.length;
  }
}
