package io.nightshift.runtime.model.weights;

/** Decoder of ggml's 8-bit type of 32 elements. */
final class Q8Decoder {
  private Q8Decoder() {}

  /** Q8_0: f16 scale, 32 signed bytes; {@code scale * q}. */
  static void decodeQ8Type0(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * 34;
      float scale = FloatDecoder.halfAt(source, position);
      int to = offset + block * 32;
      for (int i = 0; i < 32; i++) {
        target[to + i] = source[position + 2 + i] * scale;
      }
    }
  }
}
