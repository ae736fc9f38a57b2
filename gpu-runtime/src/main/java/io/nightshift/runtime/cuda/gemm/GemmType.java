package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.config.DataType;

/** Element types of a product; sums are f32. */
public enum GemmType {
  /** bf16 to bf16. */
  BF16,
  /** bf16 to f32. */
  BF16_TO_F32,
  /**
   * e4m3 to bf16. Scales of rows and columns are left to whoever reads the sums: with them in the
   * product, cuBLASLt has one algorithm, a fifth slower than the best without. bf16 has the range
   * of f32, so scaling later costs no precision.
   */
  FP8;

  /** The type of the GEMMs of a model's layers. */
  public static GemmType of(DataType dtype) {
    return dtype == DataType.FP8 ? FP8 : BF16;
  }

  /** Bytes of an element of activations and weights. */
  public int inputBytes() {
    return this == FP8 ? 1 : 2;
  }

  /** Bytes of an element of the result. */
  public int outputBytes() {
    return this == BF16_TO_F32 ? 4 : 2;
  }
}
