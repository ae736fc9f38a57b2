package io.nightshift.runtime.model.weights.blocks;

/**
 * The lower two bits of Q2_K and Q3_K: in each half of a block, 32 bytes hold 128 elements, the
 * first 32 of them in their lowest two bits.
 */
final class BitPairs {
  private BitPairs() {}

  /** Decodes 256 codes of 2 bits from 64 bytes. */
  static void codes(byte[] source, int from, byte[] target, int to) {
    for (int run = 0; run < 8; run++) {
      int bytes = from + run / 4 * 32;
      int shift = run % 4 * 2;
      for (int i = 0; i < 32; i++) {
        target[to + run * 32 + i] = (byte) (source[bytes + i] >> shift & 3);
      }
    }
  }
}
