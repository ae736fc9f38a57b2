package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.blocks.Scales;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decodes the elements of a {@link TensorType} that are plain numbers to floats. */
interface FloatDecoder {

  /**
   * Decodes the first {@code elements} elements of {@code source} to {@code target}, starting at
   * {@code offset}.
   */
  void decode(byte[] source, int elements, float[] target, int offset);

  /**
   * @throws IllegalArgumentException if the type is an integer's, or its elements are encoded in
   *     groups
   */
  static FloatDecoder of(TensorType type) {
    return switch (type) {
      case F32 -> Decoders::decodeF32;
      case F16 -> Decoders::decodeF16;
      case BF16 -> Decoders::decodeBf16;
      default -> throw new IllegalArgumentException(type + " is no type of plain numbers");
    };
  }

  /** Decoders of the little-endian floating-point types. */
  final class Decoders {
    private static final VarHandle SHORT =
        MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOAT =
        MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

    private Decoders() {}

    private static void decodeF32(byte[] source, int elements, float[] target, int offset) {
      for (int i = 0; i < elements; i++) {
        target[offset + i] = (float) FLOAT.get(source, 4 * i);
      }
    }

    private static void decodeF16(byte[] source, int elements, float[] target, int offset) {
      for (int i = 0; i < elements; i++) {
        target[offset + i] = Scales.half(source, 2 * i);
      }
    }

    /** bfloat16 is the upper half of an IEEE 754 single. */
    private static void decodeBf16(byte[] source, int elements, float[] target, int offset) {
      for (int i = 0; i < elements; i++) {
        target[offset + i] = Float.intBitsToFloat((short) SHORT.get(source, 2 * i) << 16);
      }
    }
  }
}
