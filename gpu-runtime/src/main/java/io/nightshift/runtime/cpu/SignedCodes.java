package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.CodeType;

/**
 * Codes of a {@link CodeType} as signed integers, which oneDNN unpacks: {@code value(code) = step *
 * integer + center}.
 *
 * @param bits of an integer: 4 or 8
 */
record SignedCodes(CodeType type, int bits, float step, float center) {

  /** Whether the codes of a type are multiples of a number. */
  static boolean exist(CodeType type) {
    return type != CodeType.E4M3;
  }

  /**
   * The integers of a type. 4-bit codes whose numbers are not evenly spaced take a byte each.
   *
   * @throws IllegalArgumentException if there are none
   */
  static SignedCodes of(CodeType type) {
    return switch (type) {
      case UINT4 -> new SignedCodes(type, 4, 1, 8);
      case E2M1 -> new SignedCodes(type, 8, 0.5f, 0);
      case IQ4, INT8 -> new SignedCodes(type, 8, 1, 0);
      case E4M3 -> throw new IllegalArgumentException("Codes of " + type + " are no integers");
    };
  }

  /** The integer of each code, by the unsigned value of the code's byte. */
  byte[] table() {
    byte[] integers = new byte[256];
    for (int code = 0; code < integers.length; code++) {
      integers[code] = (byte) Math.round((type.value((byte) code) - center) / step);
    }
    return integers;
  }
}
