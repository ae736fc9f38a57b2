package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;

/**
 * Q4_1: f16 scale, f16 minimum and 16 bytes, whose low halves are the first 16 of 32 elements;
 * {@code scale * q + minimum}.
 */
final class Q4Type1 implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 20;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.UINT4, 32, true);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      Nibbles.halves(source, block * BLOCK_BYTES + 4, 16, target, offset + block * 32);
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    for (int block = 0; block < blocks; block++) {
      scales[block] = Scales.half(source, block * BLOCK_BYTES);
      offsets[block] = Scales.half(source, block * BLOCK_BYTES + 2);
    }
  }
}
