package io.nightshift.runtime.model.weights;

/**
 * Decoders of ggml's 4-bit types of 32 elements. A byte holds element {@code i} in its low half and
 * {@code i + 16} in its high half.
 */
final class Q4Decoder {
  private static final int HALF = 16;

  private Q4Decoder() {}

  /** Q4_0: f16 scale, 16 bytes; {@code scale * (q - 8)}. */
  static void decodeQ4Type0(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * 18;
      float scale = FloatDecoder.halfAt(source, position);
      int to = offset + block * 32;
      for (int i = 0; i < HALF; i++) {
        int pair = source[position + 2 + i];
        target[to + i] = scale * ((pair & 0x0F) - 8);
        target[to + HALF + i] = scale * ((pair >> 4 & 0x0F) - 8);
      }
    }
  }

  /** Q4_1: f16 scale, f16 minimum, 16 bytes; {@code scale * q + minimum}. */
  static void decodeQ4Type1(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * 20;
      float scale = FloatDecoder.halfAt(source, position);
      float minimum = FloatDecoder.halfAt(source, position + 2);
      int to = offset + block * 32;
      for (int i = 0; i < HALF; i++) {
        int pair = source[position + 4 + i];
        target[to + i] = scale * (pair & 0x0F) + minimum;
        target[to + HALF + i] = scale * (pair >> 4 & 0x0F) + minimum;
      }
    }
  }
}
