package io.nightshift.runtime.cuda.weights;

/** Where weights come from. */
interface WeightSource extends AutoCloseable {

  /**
   * Puts rows of a matrix into device memory, as bf16, in the stream that the weights are loaded
   * in.
   *
   * @param tensor Hugging Face's name
   * @param columns elements of a row
   * @param target address of the first of these rows
   */
  void rows(String tensor, int columns, int firstRow, int count, long target);

  /** A vector of {@code count} elements. */
  float[] vector(String tensor, int count);

  @Override
  void close();
}
