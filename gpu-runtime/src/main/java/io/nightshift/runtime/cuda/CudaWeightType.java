package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.gemm.MatMulType;

/** Precision of the weights and products of a CUDA runner; sums are f32. */
public enum CudaWeightType {
  BF16(MatMulType.BF16),
  /**
   * e4m3, with a scale for each output channel of the weights (a power of two) and for each token
   * of the activations. Embedding, output projection, attention and norms stay bf16.
   */
  FP8(MatMulType.FP8);

  private final MatMulType matMulType;

  CudaWeightType(MatMulType matMulType) {
    this.matMulType = matMulType;
  }

  MatMulType matMulType() {
    return matMulType;
  }
}
