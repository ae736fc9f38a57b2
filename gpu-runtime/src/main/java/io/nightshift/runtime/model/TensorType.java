package io.nightshift.runtime.model;

/**
 * Element types of weight tensors. The quantized ones are ggml's block formats. {@link #U8} is the
 * type of stored tensors that hold parts of encoded numbers; no tensor of a model has it.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h">ggml-common.h</a>
 */
public enum TensorType {
  U8(1, 1),
  F32(1, 4),
  F16(1, 2),
  BF16(1, 2),
  Q4_0(32, 18),
  Q4_1(32, 20),
  Q5_0(32, 22),
  Q5_1(32, 24),
  Q8_0(32, 34),
  Q4_K(256, 144),
  Q5_K(256, 176),
  Q6_K(256, 210),

  /** MXFP4 of the Open Compute Project: 4-bit floats with a power of two per 32 of them. */
  MXFP4(32, 17);

  private final int blockElements;
  private final int blockBytes;

  TensorType(int blockElements, int blockBytes) {
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** Number of elements per block. A row has a whole number of blocks. */
  public int blockElements() {
    return blockElements;
  }

  public int blockBytes() {
    return blockBytes;
  }

  /** Number of bytes of {@code elements} elements, which must be whole blocks. */
  public long bytes(long elements) {
    return elements / blockElements * blockBytes;
  }
}
