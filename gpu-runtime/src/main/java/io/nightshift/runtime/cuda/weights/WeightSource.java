package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceMatrix;

/** Where weights come from: model files, or a random number generator. */
interface WeightSource extends AutoCloseable {

  /**
   * Writes rows of a matrix to device memory, in the stream in which the weights are loaded.
   *
   * @param tensor name of the tensor in Hugging Face's layout
   * @param firstRow the tensor's row at the start of the target
   * @param target bf16, with the tensor's columns
   */
  void rows(String tensor, int firstRow, DeviceMatrix target);

  /** A vector of {@code count} elements. */
  float[] vector(String tensor, int count);

  @Override
  void close();
}
