package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.gemm.GemmType;

/** Precision of a CUDA runner's weights and of the GEMMs with them, which accumulate in f32. */
public enum CudaWeightType {
  BF16(GemmType.BF16),
  /**
   * e4m3, with a scale for each output channel of the weights (a power of two) and for each token
   * of the activations. Embedding, output projection, attention and norms stay bf16.
   */
  FP8(GemmType.FP8);

  private final GemmType gemmType;

  CudaWeightType(GemmType gemmType) {
    this.gemmType = gemmType;
  }

  GemmType gemmType() {
    return gemmType;
  }
}
