package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;

/**
 * Q2_K: 256 elements in sixteen sub-blocks of 16. A byte for each with its scale (low half) and
 * minimum (high half), 64 bytes of {@link BitPairs}, f16 scale of the scales, f16 scale of the
 * minimums; {@code scale * q - minimum}.
 */
final class Q2K implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 84;
  private static final int GROUPS = 16;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.UINT4, 16, true);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      BitPairs.codes(source, block * BLOCK_BYTES + GROUPS, target, offset + block * 256);
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES;
      float scaleOfScales = Scales.half(source, position + 80);
      float scaleOfMinimums = Scales.half(source, position + 82);
      for (int group = 0; group < GROUPS; group++) {
        int packed = source[position + group];
        scales[block * GROUPS + group] = scaleOfScales * (packed & 0x0F);
        offsets[block * GROUPS + group] = -(scaleOfMinimums * (packed >> 4 & 0x0F));
      }
    }
  }
}
