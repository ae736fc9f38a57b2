package io.nightshift.runtime.config;

import java.util.Locale;

/** Precision of the weights and of the GEMM inputs. Accumulation is always in f32. */
public enum DataType {
  /** CPU only. */
  F32,
  /** A CPU without bf16 instructions multiplies the rounded weights in f32. */
  BF16,
  /**
   * e4m3, with a scale for each output channel of the weights (a power of two) and for each token
   * of the activations. Embedding, output projection, attention and norms stay in bf16. CUDA only.
   */
  FP8;

  /** Returns whether the model runner of the device supports this precision. */
  public boolean runsOn(Device device) {
    return this == BF16 || (this == FP8) == (device == Device.CUDA);
  }

  /** The value as it is written in a job file. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
