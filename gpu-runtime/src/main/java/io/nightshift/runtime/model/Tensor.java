package io.nightshift.runtime.model;

import java.nio.ByteBuffer;

/**
 * A weight tensor, memory-mapped: reading it touches the file, holding it does not. Row-major; a
 * matrix is {@code [out, in]} as Hugging Face stores it, a vector is one row.
 *
 * <p>Rows come out in Hugging Face's order whatever the file's: the interleaved query and key rows
 * of GGUF's {@code llama} architecture are already put back.
 */
public interface Tensor {

  /**
   * Hugging Face's name, for instance {@code model.layers.0.self_attn.q_proj.weight}, for GGUF
   * files too.
   */
  String name();

  TensorType type();

  /** Number of rows; 1 for a vector. */
  int rows();

  /** Elements of a row. */
  int columns();

  /**
   * Dequantises {@code count} rows from {@code firstRow} on into {@code target[offset ..]}, row
   * after row.
   *
   * @throws IndexOutOfBoundsException if a row or the target's range does not exist
   */
  void readRows(int firstRow, int count, float[] target, int offset);

  /** The stored bytes of one row in the encoding of {@link #type()}, read-only, little-endian. */
  ByteBuffer rawRow(int row);
}
