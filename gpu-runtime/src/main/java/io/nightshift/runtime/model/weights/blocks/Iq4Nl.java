package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import java.util.Arrays;

/**
 * IQ4_NL: f16 scale and 16 bytes, whose low halves are the first 16 of 32 elements; {@code scale *
 * level(q)}.
 */
final class Iq4Nl implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 18;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.IQ4, 32, false);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      Nibbles.halves(source, block * BLOCK_BYTES + 2, 16, target, offset + block * 32);
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    Arrays.fill(offsets, 0, blocks, 0);
    for (int block = 0; block < blocks; block++) {
      scales[block] = Scales.half(source, block * BLOCK_BYTES);
    }
  }
}
