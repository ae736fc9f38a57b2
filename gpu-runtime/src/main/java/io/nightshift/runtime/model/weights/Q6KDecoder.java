package io.nightshift.runtime.model.weights;

/**
 * Decoder of ggml's Q6_K: 256 elements in sixteen sub-blocks of 16. 128 bytes of low halves, 64
 * bytes of upper bit pairs, 16 signed scales, f16 scale of the scales; {@code scale * (q - 32)}.
 *
 * <p>Elements come in groups of 32. In each half of the block, four groups share 64 bytes of low
 * bits (groups 0 and 2 in the first 32 bytes, 1 and 3 in the others, low halves first) and 32 bytes
 * of upper bits (group {@code g} at bits {@code 2 g}).
 */
final class Q6KDecoder {
  private static final int BLOCK_BYTES = 210;

  private Q6KDecoder() {}

  static void decode(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES;
      int scales = position + 192;
      float scaleOfScales = FloatDecoder.halfAt(source, position + 208);
      for (int group = 0; group < 8; group++) {
        int half = group / 4;
        int groupInHalf = group % 4;
        int lowBits = position + half * 64 + groupInHalf % 2 * 32;
        int lowShift = groupInHalf / 2 * 4;
        int upperBits = position + 128 + half * 32;
        int upperShift = groupInHalf * 2;
        int to = offset + block * 256 + group * 32;
        for (int i = 0; i < 32; i++) {
          float scale = scaleOfScales * source[scales + group * 2 + i / 16];
          int low = source[lowBits + i] >> lowShift & 0x0F;
          int upper = source[upperBits + i] >> upperShift & 3;
          target[to + i] = scale * ((low | upper << 4) - 32);
        }
      }
    }
  }
}
