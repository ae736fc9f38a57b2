package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import java.util.Arrays;

/** MXFP4: scale e8m0 and 16 bytes, whose low halves are the first 16 of 32 elements e2m1. */
final class Mxfp4 implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 17;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.E2M1, 32, false);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      Nibbles.halves(source, block * BLOCK_BYTES + 1, 16, target, offset + block * 32);
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    Arrays.fill(offsets, 0, blocks, 0);
    for (int block = 0; block < blocks; block++) {
      scales[block] = Scales.e8m0(source[block * BLOCK_BYTES]);
    }
  }
}
