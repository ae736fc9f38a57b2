package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmOperands;
import io.nightshift.runtime.cuda.weights.DeviceLinear;

/**
 * A linear layer with the memory of its input and output: a GEMM of any number of rows.
 *
 * @param source {@code [at least rows][inputs]}
 * @param target {@code [at least rows][outputs]}
 * @param adds whether the output is added to the target's content
 * @param multiplier factor of the output
 */
record LayerGemm(
    DeviceLinear linear, DeviceMatrix source, DeviceMatrix target, boolean adds, float multiplier) {

  /** A GEMM that overwrites its target. */
  static LayerGemm overwriting(DeviceLinear linear, DeviceMatrix source, DeviceMatrix target) {
    return overwriting(linear, source, target, 1);
  }

  /** A GEMM that overwrites its target with a multiple of its output. */
  static LayerGemm overwriting(
      DeviceLinear linear, DeviceMatrix source, DeviceMatrix target, float multiplier) {
    return new LayerGemm(linear, source, target, false, multiplier);
  }

  /** A GEMM that adds a multiple of its output to its target. */
  static LayerGemm adding(
      DeviceLinear linear, DeviceMatrix source, DeviceMatrix target, float multiplier) {
    return new LayerGemm(linear, source, target, true, multiplier);
  }

  /** The same GEMM, overwriting its target. */
  LayerGemm overwriting() {
    return overwriting(linear, source, target);
  }

  /** The shape for so many rows. */
  Gemm shape(int rows) {
    return new Gemm(
        Gemm.roundRows(rows), linear.inputs(), linear.outputs(), linear.type(), adds, multiplier);
  }

  /** The same GEMM with other weights. */
  LayerGemm with(DeviceLinear other) {
    return new LayerGemm(other, source, target, adds, multiplier);
  }

  /**
   * The operands of a GEMM of dense weights.
   *
   * @throws IllegalStateException if they are packed
   */
  GemmOperands operands() {
    return new GemmOperands(linear.weights(), source, target);
  }
}
