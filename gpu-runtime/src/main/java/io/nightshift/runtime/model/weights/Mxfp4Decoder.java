package io.nightshift.runtime.model.weights;

/**
 * Decoder of MXFP4: blocks of 32 elements e2m1, 1 sign, 2 exponent and 1 fraction bits, with a
 * power of two in common (Open Compute Project, "Microscaling formats specification", 2023).
 */
final class Mxfp4Decoder {
  /** Elements of a block. */
  static final int ELEMENTS = 32;

  /** Bytes of the elements of a block. */
  static final int BYTES = ELEMENTS / 2;

  private static final int EXPONENT_BIAS = 127;
  private static final int NOT_A_NUMBER = 255;
  private static final float[] E2M1 = {
    0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6
  };

  private Mxfp4Decoder() {}

  /** The scale e8m0: a power of two with the exponent bias 127; all bits set is no number. */
  private static float scale(int e8m0) {
    return e8m0 == NOT_A_NUMBER ? Float.NaN : Math.scalb(1f, e8m0 - EXPONENT_BIAS);
  }

  /** Elements in pairs, the first of each in the low half of the byte, as gpt-oss stores them. */
  static void decodePairs(byte[] elements, byte[] scales, float[] target, int offset) {
    for (int i = 0; i < elements.length; i++) {
      float scale = scale(scales[i / BYTES] & 0xFF);
      target[offset + 2 * i] = scale * E2M1[elements[i] & 0x0F];
      target[offset + 2 * i + 1] = scale * E2M1[elements[i] >> 4 & 0x0F];
    }
  }

  /**
   * ggml's blocks: the scale, and bytes with an element of the block's first half in their low
   * halves and one of its second half in their high halves.
   */
  static void decodeBlocks(byte[] source, int blocks, float[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * (1 + BYTES);
      float scale = scale(source[position] & 0xFF);
      int to = offset + block * ELEMENTS;
      for (int i = 0; i < BYTES; i++) {
        int pair = source[position + 1 + i];
        target[to + i] = scale * E2M1[pair & 0x0F];
        target[to + BYTES + i] = scale * E2M1[pair >> 4 & 0x0F];
      }
    }
  }
}
