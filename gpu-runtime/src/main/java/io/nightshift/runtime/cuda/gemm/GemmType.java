package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.cuda.device.DeviceElementType;

/** Element types of a GEMM, which accumulates in f32. */
public enum GemmType {
  /** bf16 to bf16. */
  BF16(DeviceElementType.BF16, DeviceElementType.BF16),
  /** bf16 to f32. */
  BF16_TO_F32(DeviceElementType.BF16, DeviceElementType.F32),
  /**
   * e4m3 to bf16. The kernel that reads the output applies the scales of rows and channels: with
   * scales in the GEMM, cuBLASLt has one algorithm, a fifth slower than the best without. bf16 has
   * the range of f32, so scaling later costs no precision.
   */
  FP8(DeviceElementType.E4M3, DeviceElementType.BF16);

  private final DeviceElementType inputType;
  private final DeviceElementType outputType;

  GemmType(DeviceElementType inputType, DeviceElementType outputType) {
    this.inputType = inputType;
    this.outputType = outputType;
  }

  /** The type of the GEMMs of a model's layers. */
  public static GemmType of(DataType dtype) {
    return dtype == DataType.FP8 ? FP8 : BF16;
  }

  /** Type of activations and weights. */
  public DeviceElementType inputType() {
    return inputType;
  }

  /** Type of the output. */
  public DeviceElementType outputType() {
    return outputType;
  }
}
