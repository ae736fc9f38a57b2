package io.nightshift.runtime.runner;

/**
 * Logits of one step, a row for each {@link LogitsRequest} of the batch, in its order. Valid until
 * the runner's next step.
 */
public interface Logits {

  int rows();

  /**
   * Number of logits in a row: the vocabulary's size, or the number of columns that were asked for.
   */
  int columns(int row);

  /**
   * Copies row {@code row} to {@code target[0 .. columns(row))}. Safe to call from several threads.
   */
  void read(int row, float[] target);
}
