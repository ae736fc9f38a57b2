package io.nightshift.runtime.model;

import java.nio.ByteBuffer;

/**
 * A weight tensor in a memory-mapped file, which is read on access. Row-major: a matrix is {@code
 * [out, in]} as in Hugging Face, a vector is one row.
 *
 * <p>Rows are always in Hugging Face's order. The interleaved query and key rows of GGUF's {@code
 * llama} architecture are reordered.
 */
public interface Tensor {

  /**
   * Hugging Face's name, for instance {@code model.layers.0.self_attn.q_proj.weight}; for tensors
   * of GGUF files too.
   */
  String name();

  TensorType type();

  /** Number of rows; 1 for a vector. */
  int rows();

  /** Number of elements per row. */
  int columns();

  /**
   * Dequantizes {@code count} rows, starting at {@code firstRow}, to {@code target}, starting at
   * {@code offset}.
   *
   * @throws IndexOutOfBoundsException if the rows or the range of the target do not exist
   */
  void readRows(int firstRow, int count, float[] target, int offset);

  /** The stored bytes of one row in the encoding of {@link #type()}, read-only, little-endian. */
  ByteBuffer rawRow(int row);
}
