package io.nightshift.runtime.runner;

/**
 * Tokens of a step that a layer computes, in the order of the step: all of them, or in the last
 * layer those whose logits are wanted.
 *
 * @param tokens the step's token index of each row
 * @param sequenceStarts first row of each sequence, and the number of rows behind them
 */
public record TokenRows(int[] tokens, int[] sequenceStarts) {

  public int size() {
    return tokens.length;
  }
}
