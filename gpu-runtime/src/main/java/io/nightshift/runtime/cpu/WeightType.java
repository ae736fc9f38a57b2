package io.nightshift.runtime.cpu;

/** Precision of the weights of a CPU runner. */
public enum WeightType {
  /** Weights and GEMMs in f32. */
  F32,
  /**
   * Weights rounded to bf16. If the CPU multiplies bf16 in hardware, the inputs of each GEMM are
   * rounded too and accumulated in f32. Otherwise the rounded weights are multiplied in f32.
   */
  BF16
}
