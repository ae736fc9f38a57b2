package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.gemm.GemmType;

/** Precision of the weights and products of a CUDA runner; sums are f32. */
public enum CudaWeightType {
  BF16(GemmType.BF16),
  /**
   * e4m3, with a scale for each output channel of the weights (a power of two) and for each token
   * of the activations. Embedding, output projection, attention and norms stay bf16.
   */
  FP8(GemmType.FP8);

  private final GemmType matMulType;

  CudaWeightType(GemmType matMulType) {
    this.matMulType = matMulType;
  }

  GemmType matMulType() {
    return matMulType;
  }
}
