package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;

/** Q5_1: f16 scale, f16 minimum and {@link FifthBits}; {@code scale * q + minimum}. */
final class Q5Type1 implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 24;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.INT8, 32, true);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      FifthBits.codes(source, block * BLOCK_BYTES + 4, 0, target, offset + block * 32);
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
