package io.nightshift.runtime.model.weights.blocks;

/**
 * The scales and minimums of Q4_K and Q5_K: f16 scale of the scales, f16 scale of the minimums, and
 * for each of eight sub-blocks a 6-bit scale and a 6-bit minimum, packed into 12 bytes. Of these,
 * bytes 0 to 3 hold the scales of sub-blocks 0 to 3 in their low six bits, bytes 4 to 7 their
 * minimums; bytes 8 to 11 hold the low four bits of the scales (low half) and minimums (high half)
 * of sub-blocks 4 to 7, whose upper two bits are the top bits of bytes 0 to 7.
 */
final class KScales {
  private static final int SUB_BLOCKS = 8;

  private KScales() {}

  /** Decodes what is at the start of each block. */
  static void groups(byte[] source, int blocks, int blockBytes, float[] scales, float[] offsets) {
    for (int block = 0; block < blocks; block++) {
      int position = block * blockBytes;
      float scaleOfScales = Scales.half(source, position);
      float scaleOfMinimums = Scales.half(source, position + 2);
      for (int subBlock = 0; subBlock < SUB_BLOCKS; subBlock++) {
        int group = block * SUB_BLOCKS + subBlock;
        scales[group] = scaleOfScales * scale(source, position + 4, subBlock);
        offsets[group] = -(scaleOfMinimums * minimum(source, position + 4, subBlock));
      }
    }
  }

  private static int scale(byte[] source, int position, int subBlock) {
    return subBlock < 4
        ? source[position + subBlock] & 0x3F
        : (source[position + 4 + subBlock] & 0x0F) | (source[position + subBlock - 4] >> 2 & 0x30);
  }

  private static int minimum(byte[] source, int position, int subBlock) {
    return subBlock < 4
        ? source[position + 4 + subBlock] & 0x3F
        : (source[position + 4 + subBlock] >> 4 & 0x0F) | (source[position + subBlock] >> 2 & 0x30);
  }
}
