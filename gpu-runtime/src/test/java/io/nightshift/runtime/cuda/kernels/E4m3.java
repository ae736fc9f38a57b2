package io.nightshift.runtime.cuda.kernels;

/** 8-bit floating-point numbers as kernels and GEMMs use them. */
public final class E4m3 {
  private static final int LARGEST = 0x7E;
  private static final double[] VALUES = new double[256];

  static {
    for (int bits = 0; bits < VALUES.length; bits++) {
      VALUES[bits] = decode((byte) bits);
    }
  }

  private E4m3() {}

  /** The number that a byte stands for; NaN for 0x7F and 0xFF. */
  public static double value(byte bits) {
    return VALUES[bits & 0xFF];
  }

  private static double decode(byte bits) {
    int exponent = bits >> 3 & 15;
    int mantissa = bits & 7;
    double magnitude =
        (bits & 0x7F) == 0x7F
            ? Double.NaN
            : exponent == 0 ? Math.scalb(mantissa, -9) : Math.scalb(8 + mantissa, exponent - 10);
    return bits < 0 ? -magnitude : magnitude;
  }

  /** A byte whose number is next to {@code value}; the largest for what is larger. */
  public static byte nearest(double value) {
    double magnitude = Math.abs(value);
    int low = 0;
    int high = LARGEST;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (value((byte) middle) <= magnitude) {
        low = middle;
      } else {
        high = middle;
      }
    }
    boolean up = value((byte) high) - magnitude < magnitude - value((byte) low);
    int bits = up ? high : low;
    return (byte) (value < 0 ? bits | 0x80 : bits);
  }
}
