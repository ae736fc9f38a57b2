package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.gemm.GemmType;
import java.util.Objects;

/**
 * Weights of a linear layer on the device: {@code [outputs][inputs]}, row-major.
 *
 * @param weights address
 * @param scales address of an E8M0 scale (a power of two, one byte) for each output; 0 without
 *     scales
 */
public record DeviceLinear(long weights, long scales, int inputs, int outputs, GemmType type) {

  /** The layer that computes only some of the outputs. */
  public DeviceLinear outputs(int first, int count) {
    Objects.checkFromIndexSize(first, count, outputs);
    return new DeviceLinear(
        weights + (long) first * inputs * type.inputBytes(),
        scales == 0 ? 0 : scales + first,
        inputs,
        count,
        type);
  }
}
