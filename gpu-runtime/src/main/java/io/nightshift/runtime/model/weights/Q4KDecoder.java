package io.nightshift.runtime.model.weights;

/**
 * Decoder of ggml's Q4_K: 256 elements in eight sub-blocks of 32. f16 scale of the scales, f16
 * scale of the minimums, 12 bytes of {@link KScales}, 128 bytes of elements: 32 bytes hold one
 * sub-block in their low halves and the next in their high halves.
 */
final class Q4KDecoder {
  private static final int BLOCK_BYTES = 144;

  private Q4KDecoder() {}

  static void decode(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES;
      float scaleOfScales = FloatDecoder.halfAt(source, position);
      float scaleOfMinimums = FloatDecoder.halfAt(source, position + 2);
      for (int subBlock = 0; subBlock < KScales.SUB_BLOCKS; subBlock++) {
        float scale = scaleOfScales * KScales.scale(source, position + 4, subBlock);
        float minimum = scaleOfMinimums * KScales.minimum(source, position + 4, subBlock);
        int elements = position + 16 + subBlock / 2 * 32;
        int shift = subBlock % 2 * 4;
        int to = offset + block * 256 + subBlock * 32;
        for (int i = 0; i < 32; i++) {
          target[to + i] = scale * (source[elements + i] >> shift & 0x0F) - minimum;
        }
      }
    }
  }
}
