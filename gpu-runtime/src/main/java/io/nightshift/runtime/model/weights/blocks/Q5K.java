package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;

/**
 * Q5_K: as {@link Q4K}, with 32 bytes of fifth bits before the elements; bit {@code s} of byte
 * {@code i} belongs to element {@code i} of sub-block {@code s}.
 */
final class Q5K implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 176;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.INT8, 32, true);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int fifthBits = block * BLOCK_BYTES + 16;
      for (int pair = 0; pair < 4; pair++) {
        int to = offset + block * 256 + pair * 64;
        Nibbles.halves(source, fifthBits + 32 + pair * 32, 32, target, to);
        addFifthBits(source, fifthBits, 2 * pair, target, to);
        addFifthBits(source, fifthBits, 2 * pair + 1, target, to + 32);
      }
    }
  }

  private static void addFifthBits(byte[] source, int from, int bit, byte[] target, int to) {
    for (int i = 0; i < 32; i++) {
      target[to + i] |= (byte) ((source[from + i] >> bit & 1) << 4);
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    KScales.groups(source, blocks, BLOCK_BYTES, scales, offsets);
  }
}
