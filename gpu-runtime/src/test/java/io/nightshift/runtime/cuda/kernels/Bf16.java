package io.nightshift.runtime.cuda.kernels;

/** bfloat16 as the kernels' inputs have it. */
public final class Bf16 {
  private Bf16() {}

  /** The nearest bf16, ties to even. */
  public static float round(float value) {
    int bits = Float.floatToIntBits(value);
    return Float.intBitsToFloat((bits + 0x7FFF + (bits >>> 16 & 1)) & 0xFFFF0000);
  }
}
