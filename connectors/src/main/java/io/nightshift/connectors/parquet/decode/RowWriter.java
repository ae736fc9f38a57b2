package io.nightshift.connectors.parquet.decode;

/** Writes the next value of a column into its vector. */
@FunctionalInterface
interface RowWriter {
  /**
   * Writes the next value.
   *
   * @param index of the value in the vector; one more than at the last call, or 0
   */
  void write(int index);
}
