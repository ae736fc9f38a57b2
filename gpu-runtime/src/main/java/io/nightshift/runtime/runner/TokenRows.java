package io.nightshift.runtime.runner;

/**
 * The tokens of a step that a layer computes, in the order of the step: all tokens, or, in the last
 * layer, those whose logits are requested or that are pooled.
 *
 * @param tokens token index of each row within the step
 * @param sequenceStarts first row of each sequence, followed by the number of rows
 */
public record TokenRows(int[] tokens, int[] sequenceStarts) {

  public int size() {
    return tokens.length;
  }
}
