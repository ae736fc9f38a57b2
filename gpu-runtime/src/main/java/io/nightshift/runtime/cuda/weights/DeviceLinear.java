package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.gemm.GemmType;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer on the device.
 *
 * @param weights {@code [outputs][inputs]}
 * @param scales an e8m0 for each output; null if the weights need no scaling
 * @param type of the GEMM that computes it
 */
public record DeviceLinear(DeviceMatrix weights, @Nullable DeviceVector scales, GemmType type) {

  /** Columns of the GEMM's input. */
  public int inputs() {
    return weights.columns();
  }

  /** Columns of the GEMM's output. */
  public int outputs() {
    return weights.rowCount();
  }

  /** The layer that computes only outputs {@code first} to {@code first + count - 1}. */
  public DeviceLinear outputs(int first, int count) {
    return new DeviceLinear(
        weights.rows(first, count), scales == null ? null : scales.slice(first, count), type);
  }
}
