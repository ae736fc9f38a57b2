package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import java.util.Arrays;

/** Q5_0: f16 scale and {@link FifthBits}; {@code scale * (q - 16)}. */
final class Q5Type0 implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 22;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.INT8, 32, false);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      FifthBits.codes(source, block * BLOCK_BYTES + 2, 16, target, offset + block * 32);
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
