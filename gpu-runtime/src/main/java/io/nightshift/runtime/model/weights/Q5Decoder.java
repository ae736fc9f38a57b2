package io.nightshift.runtime.model.weights;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decoders of ggml's 5-bit types of 32 elements: four low bits as in {@link Q4Decoder}, the fifth
 * bit of element {@code i} is bit {@code i} of a 32-bit word before them.
 */
final class Q5Decoder {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int HALF = 16;

  private Q5Decoder() {}

  /** Q5_0: f16 scale, fifth bits, 16 bytes; {@code scale * (q - 16)}. */
  static void decodeQ5Type0(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * 22;
      float scale = FloatDecoder.halfAt(source, position);
      int fifthBits = (int) INT.get(source, position + 2);
      int to = offset + block * 32;
      for (int i = 0; i < HALF; i++) {
        int pair = source[position + 6 + i];
        int low = (pair & 0x0F) | (fifthBits >>> i & 1) << 4;
        int high = (pair >> 4 & 0x0F) | (fifthBits >>> (HALF + i) & 1) << 4;
        target[to + i] = scale * (low - 16);
        target[to + HALF + i] = scale * (high - 16);
      }
    }
  }

  /** Q5_1: f16 scale, f16 minimum, fifth bits, 16 bytes; {@code scale * q + minimum}. */
  static void decodeQ5Type1(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * 24;
      float scale = FloatDecoder.halfAt(source, position);
      float minimum = FloatDecoder.halfAt(source, position + 2);
      int fifthBits = (int) INT.get(source, position + 4);
      int to = offset + block * 32;
      for (int i = 0; i < HALF; i++) {
        int pair = source[position + 8 + i];
        int low = (pair & 0x0F) | (fifthBits >>> i & 1) << 4;
        int high = (pair >> 4 & 0x0F) | (fifthBits >>> (HALF + i) & 1) << 4;
        target[to + i] = scale * low + minimum;
        target[to + HALF + i] = scale * high + minimum;
      }
    }
  }
}
