package io.nightshift.runtime.cuda.kernels;

/** IEEE 754 half precision, of numbers in its range. */
final class Half {
  private static final int LEAST_EXPONENT = -14;
  private static final int FRACTION_BITS = 10;

  private Half() {}

  /** The number that bits stand for. */
  static float value(int bits) {
    int exponent = bits >> FRACTION_BITS & 31;
    int fraction = bits & (1 << FRACTION_BITS) - 1;
    float magnitude =
        exponent == 0
            ? Math.scalb((float) fraction, LEAST_EXPONENT - FRACTION_BITS)
            : Math.scalb((float) (fraction + (1 << FRACTION_BITS)), exponent - 25);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /** The nearest one, ties to even. */
  static int nearest(float value) {
    float magnitude = Math.abs(value);
    int exponent = Math.max(Math.getExponent(magnitude), LEAST_EXPONENT);
    int units = (int) Math.rint(Math.scalb((double) magnitude, FRACTION_BITS - exponent));
    int bits = units + (exponent - LEAST_EXPONENT << FRACTION_BITS);
    return value < 0 ? bits | 0x8000 : bits;
  }
}
