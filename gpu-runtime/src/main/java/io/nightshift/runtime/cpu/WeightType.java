package io.nightshift.runtime.cpu;

/** Precision of the weights of a CPU runner. */
public enum WeightType {
  /** Weights and products in f32. */
  F32,
  /**
   * Weights rounded to bf16. Where the CPU multiplies bf16 in hardware, the inputs of each product
   * are rounded too and sums are f32; elsewhere the rounded weights are multiplied in f32.
   */
  BF16
}
