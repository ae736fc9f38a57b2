package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;

/**
 * Activations as a GEMM reads them, a row for each token.
 *
 * @param values bf16, or e4m3 with 8-bit weights
 * @param scales an f32 for each row: an activation is its scale times its e4m3 value. Neither
 *     written nor read with bf16
 */
public record GemmInput(DeviceMatrix values, DeviceVector scales) {

  /** Whether the values are e4m3. */
  public boolean isQuantized() {
    return values.type() == DeviceElementType.E4M3;
  }
}
