package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.model.TensorEncodings;
import java.util.List;

/** Where weights come from: model files, or a random number generator. */
interface WeightSource extends AutoCloseable {

  /** How the tensors of matrices are encoded. */
  TensorEncodings encodings();

  /**
   * Writes rows of matrices to device memory, in the stream in which the weights are loaded.
   *
   * @param rows the rows, which follow one another in the target
   * @param target bf16, with as many rows and the tensors' columns
   */
  void rows(List<TensorRows> rows, DeviceMatrix target);

  /**
   * Writes rows of quantized matrices as they are encoded, likewise.
   *
   * @param target with row scales
   * @return whether the scale of a row is not 1
   */
  boolean packedRows(List<TensorRows> rows, PackedMatrix target);

  /** A vector of {@code count} elements. */
  float[] vector(String tensor, int count);

  @Override
  void close();
}
