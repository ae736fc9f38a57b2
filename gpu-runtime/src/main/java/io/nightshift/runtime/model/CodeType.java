package io.nightshift.runtime.model;

/** How the codes of a {@link QuantizedTensor} stand for numbers. */
public enum CodeType {
  /** 0 to 15. */
  UINT4(4),

  /**
   * 4-bit floats e2m1: 1 sign, 2 exponent and 1 fraction bits (Open Compute Project, "Microscaling
   * formats specification", 2023).
   */
  E2M1(4),

  /** Indexes of the 16 levels of ggml's IQ4_NL and IQ4_XS. */
  IQ4(4),

  /** -128 to 127. */
  INT8(8),

  /** 8-bit floats e4m3fn: no infinity, largest 448. */
  E4M3(8);

  private static final float[] E2M1_MAGNITUDES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};
  private static final byte[] IQ4_LEVELS = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private final int bits;

  CodeType(int bits) {
    this.bits = bits;
  }

  /** Bits of a code: 4 or 8. */
  public int bits() {
    return bits;
  }

  /** The number that a code stands for; only the lower {@link #bits()} bits of the code count. */
  public float value(byte code) {
    return switch (this) {
      case UINT4 -> code & 0x0F;
      case E2M1 -> (code & 8) == 0 ? E2M1_MAGNITUDES[code & 7] : -E2M1_MAGNITUDES[code & 7];
      case IQ4 -> IQ4_LEVELS[code & 0x0F];
      case INT8 -> code;
      case E4M3 -> e4m3(code);
    };
  }

  /** The numbers of all bytes, by the byte as an unsigned number. */
  float[] valuesOfBytes() {
    float[] values = new float[256];
    for (int code = 0; code < values.length; code++) {
      values[code] = value((byte) code);
    }
    return values;
  }

  private static float e4m3(byte code) {
    int magnitude = code & 0x7F;
    if (magnitude == 0x7F) {
      return Float.NaN;
    }
    // Exponent and fraction at their places in a float; the factor corrects the exponent's bias,
    // exactly for normal and subnormal numbers.
    float value = Float.intBitsToFloat(magnitude << 20) * 0x1p120f;
    return code < 0 ? -value : value;
  }
}
