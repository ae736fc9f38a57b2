package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_gelu_tanh;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_swish;

/** A function of each element by itself. */
public enum Eltwise {
  /** {@code x * sigmoid(x)}. */
  SWISH(dnnl_eltwise_swish, 1),
  /** {@code x * sigmoid(1.702 * x)}, an approximation of GELU. */
  SCALED_SWISH(dnnl_eltwise_swish, 1.702f),
  /** GELU's approximation by tanh. */
  GELU_TANH(dnnl_eltwise_gelu_tanh, 0);

  private final int algorithm;
  private final float alpha;

  Eltwise(int algorithm, float alpha) {
    this.algorithm = algorithm;
    this.alpha = alpha;
  }

  int algorithm() {
    return algorithm;
  }

  float alpha() {
    return alpha;
  }
}
