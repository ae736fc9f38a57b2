package io.nightshift.runtime.model.weights.blocks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Floating-point numbers of 8 and 16 bits that scales are stored as. */
public final class Scales {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int E8M0_BIAS = 127;
  private static final int E8M0_NOT_A_NUMBER = 255;

  private Scales() {}

  /** The little-endian IEEE 754 half-precision number at {@code position}. */
  public static float half(byte[] source, int position) {
    int half = (short) SHORT.get(source, position);
    int sign = half & 0x8000;
    int magnitude = half & 0x7FFF;
    // Shift exponent and fraction to their places in a float. Multiplication by the difference of
    // the exponent biases, 2^(127 - 15), is exact for normal and subnormal numbers.
    float value =
        magnitude >= 0x7C00
            ? Float.intBitsToFloat(0x7F800000 | magnitude << 13)
            : Float.intBitsToFloat(magnitude << 13) * 0x1p112f;
    return sign == 0 ? value : -value;
  }

  /**
   * A power of two e8m0, with the exponent's bias 127; all bits set is no number (Open Compute
   * Project, "Microscaling formats specification", 2023).
   */
  public static float e8m0(byte code) {
    int exponent = code & 0xFF;
    return exponent == E8M0_NOT_A_NUMBER ? Float.NaN : Math.scalb(1f, exponent - E8M0_BIAS);
  }
}
