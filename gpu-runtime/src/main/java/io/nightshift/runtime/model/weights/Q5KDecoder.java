package io.nightshift.runtime.model.weights;

/**
 * Decoder of ggml's Q5_K: as {@link Q4KDecoder}, with 32 bytes of fifth bits before the elements;
 * bit {@code s} of byte {@code i} belongs to element {@code i} of sub-block {@code s}.
 */
final class Q5KDecoder {
  private static final int BLOCK_BYTES = 176;

  private Q5KDecoder() {}

  static void decode(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES;
      float scaleOfScales = FloatDecoder.halfAt(source, position);
      float scaleOfMinimums = FloatDecoder.halfAt(source, position + 2);
      int fifthBits = position + 16;
      for (int subBlock = 0; subBlock < KScales.SUB_BLOCKS; subBlock++) {
        float scale = scaleOfScales * KScales.scale(source, position + 4, subBlock);
        float minimum = scaleOfMinimums * KScales.minimum(source, position + 4, subBlock);
        int elements = position + 48 + subBlock / 2 * 32;
        int shift = subBlock % 2 * 4;
        int to = offset + block * 256 + subBlock * 32;
        for (int i = 0; i < 32; i++) {
          int low = source[elements + i] >> shift & 0x0F;
          int fifth = source[fifthBits + i] >> subBlock & 1;
          target[to + i] = scale * (low | fifth << 4) - minimum;
        }
      }
    }
  }
}
