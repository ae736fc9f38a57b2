package io.nightshift.runtime.cuda.weights;

/** IEEE 754 half precision, which Java's library encodes from version 20 on. */
final class Half {
  private static final int SIGN = 0x8000;
  private static final int NAN = 0x7E00;
  private static final int INFINITY = 0x7C00;
  private static final int FLOAT_INFINITY = 0x7F80_0000;

  /** The first float that rounds to infinity: 65,520. */
  private static final int FLOAT_OVERFLOW = 0x477F_F000;

  /** 2^-14, the least normal number. */
  private static final int FLOAT_LEAST_NORMAL = 0x3880_0000;

  private static final int BIAS_DIFFERENCE = 112 << 23;
  private static final int LOST_BITS = 13;

  private Half() {}

  /** The nearest number, ties to even. */
  static short nearest(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & SIGN;
    int magnitude = bits & 0x7FFF_FFFF;
    if (magnitude >= FLOAT_OVERFLOW) {
      return (short) (sign | (magnitude > FLOAT_INFINITY ? NAN : INFINITY));
    }
    if (magnitude < FLOAT_LEAST_NORMAL) {
      return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24f));
    }
    int rounded = magnitude + 0xFFF + (magnitude >>> LOST_BITS & 1);
    return (short) (sign | rounded - BIAS_DIFFERENCE >>> LOST_BITS);
  }
}
