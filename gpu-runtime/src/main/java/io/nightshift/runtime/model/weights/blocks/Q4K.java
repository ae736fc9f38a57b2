package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;

/**
 * Q4_K: 256 elements in eight sub-blocks of 32. {@link KScales} and 128 bytes of elements, of which
 * 32 bytes hold one sub-block in their low halves and the next in their high halves; {@code scale *
 * q - minimum}.
 */
final class Q4K implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 144;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.UINT4, 32, true);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      for (int pair = 0; pair < 4; pair++) {
        int from = block * BLOCK_BYTES + 16 + pair * 32;
        Nibbles.halves(source, from, 32, target, offset + block * 256 + pair * 64);
      }
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    KScales.groups(source, blocks, BLOCK_BYTES, scales, offsets);
  }
}
