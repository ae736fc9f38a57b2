package io.nightshift.operators.tokenize;

import org.apache.arrow.vector.VectorSchemaRoot;

/** Makes prompts of the rows of batches, in a task. Not thread-safe. */
@FunctionalInterface
public interface RowPrompts extends AutoCloseable {

  /**
   * Passes on the prompts of all rows, row by row, at least one of each. What is wrong with a row
   * makes a prompt that has failed.
   *
   * @param batch with the columns that are read and, behind them, those of {@link
   *     io.nightshift.connectors.input.RowOrigin}
   */
  void of(VectorSchemaRoot batch, Receiver receiver);

  /** Called when the task ends. */
  @Override
  default void close() {}

  /** What prompts are passed to. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes a prompt.
     *
     * @param row its row in the batch
     */
    void accept(int row, RowPrompt prompt);
  }
}
