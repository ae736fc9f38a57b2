package io.nightshift.runtime.model;

/**
 * Element types of weight tensors. The quantized ones are ggml's block formats. Integers and 8-bit
 * floats are types of stored tensors that hold parts of encoded numbers; no tensor of a model has
 * them.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h">ggml-common.h</a>
 */
public enum TensorType {
  U8(1, 1),
  I8(1, 1),
  I32(1, 4),
  I64(1, 8),
  F8_E4M3(1, 1),
  F8_E8M0(1, 1),
  F32(1, 4),
  F16(1, 2),
  BF16(1, 2),
  Q4_0(32, 18),
  Q4_1(32, 20),
  Q5_0(32, 22),
  Q5_1(32, 24),
  Q8_0(32, 34),
  Q2_K(256, 84),
  Q3_K(256, 110),
  Q4_K(256, 144),
  Q5_K(256, 176),
  Q6_K(256, 210),
  IQ4_NL(32, 18),
  IQ4_XS(256, 136),

  /** MXFP4 of the Open Compute Project: 4-bit floats with a power of two per 32 of them. */
  MXFP4(32, 17),

  /** NVIDIA's 4-bit floats with an 8-bit float per 16 of them. */
  NVFP4(64, 36);

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
