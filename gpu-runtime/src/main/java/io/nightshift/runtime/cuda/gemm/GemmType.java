package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.cuda.device.ElementType;

/** Element types of a GEMM, which accumulates in f32. */
public enum GemmType {
  /** bf16 to bf16. */
  BF16(ElementType.BF16, ElementType.BF16),
  /** bf16 to f32. */
  BF16_TO_F32(ElementType.BF16, ElementType.F32),
  /**
   * e4m3 to bf16. The kernel that reads the output applies the scales of rows and channels: with
   * scales in the GEMM, cuBLASLt has one algorithm, a fifth slower than the best without. bf16 has
   * the range of f32, so scaling later costs no precision.
   */
  FP8(ElementType.E4M3, ElementType.BF16);

  private final ElementType inputType;
  private final ElementType outputType;

  GemmType(ElementType inputType, ElementType outputType) {
    this.inputType = inputType;
    this.outputType = outputType;
  }

  /** The type of the GEMMs of a model's layers. */
  public static GemmType of(DataType dtype) {
    return dtype == DataType.FP8 ? FP8 : BF16;
  }

  /** Type of activations and weights. */
  public ElementType inputType() {
    return inputType;
  }

  /** Type of the output. */
  public ElementType outputType() {
    return outputType;
  }
}
