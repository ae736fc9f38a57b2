package io.nightshift.runtime.model;

/**
 * How the gate and the up projection of a gated MLP are combined (Shazeer, "GLU Variants Improve
 * Transformer", 2020).
 */
public enum Activation {
  /** {@code silu(gate) * up}: SwiGLU. */
  SILU,

  /** {@code gelu(gate) * up} with GELU's approximation by tanh (Gemma): GeGLU. */
  GELU_TANH,

  /**
   * SwiGLU of clamped values as in gpt-oss: with {@code g = min(gate, 7)} and {@code u} the up
   * projection clamped to -7 to 7, {@code g * sigmoid(1.702 * g) * (u + 1)}.
   */
  CLAMPED_SWIGLU
}
