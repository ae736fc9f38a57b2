package io.nightshift.runtime.model.weights;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decoders of bytes and of the little-endian floating-point types. */
final class FloatDecoder {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private FloatDecoder() {}

  static void decodeU8(byte[] source, int elements, float[] target, int offset) {
    for (int i = 0; i < elements; i++) {
      target[offset + i] = source[i] & 0xFF;
    }
  }

  static void decodeF32(byte[] source, int elements, float[] target, int offset) {
    for (int i = 0; i < elements; i++) {
      target[offset + i] = (float) FLOAT.get(source, 4 * i);
    }
  }

  static void decodeF16(byte[] source, int elements, float[] target, int offset) {
    for (int i = 0; i < elements; i++) {
      target[offset + i] = halfAt(source, 2 * i);
    }
  }

  /** bfloat16 is the upper half of an IEEE 754 single. */
  static void decodeBf16(byte[] source, int elements, float[] target, int offset) {
    for (int i = 0; i < elements; i++) {
      target[offset + i] = Float.intBitsToFloat((short) SHORT.get(source, 2 * i) << 16);
    }
  }

  /** The IEEE 754 half-precision number at {@code position}. */
  static float halfAt(byte[] source, int position) {
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
}
