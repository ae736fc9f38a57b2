package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;

/**
 * Q3_K: 256 elements in sixteen sub-blocks of 16. 32 bytes of third bits (bit {@code r} of byte
 * {@code i} belongs to element {@code 32 r + i}), 64 bytes of {@link BitPairs}, 12 bytes of 6-bit
 * scales, f16 scale of the scales; {@code scale * (q - 4)}.
 *
 * <p>Of the scales, which are stored plus 32, bytes 0 to 7 hold the low four bits of scales 0 to 7
 * (low half) and 8 to 15 (high half); byte {@code 8 + s % 4} holds the upper two bits of scale
 * {@code s} at bits {@code 2 (s / 4)}.
 */
final class Q3K implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 110;
  private static final int GROUPS = 16;
  private static final int PAIRS = 32;
  private static final int SCALES = 96;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.UINT4, 16, true);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES;
      int to = offset + block * 256;
      BitPairs.codes(source, position + PAIRS, target, to);
      for (int run = 0; run < 8; run++) {
        for (int i = 0; i < 32; i++) {
          target[to + run * 32 + i] |= (byte) ((source[position + i] >> run & 1) << 2);
        }
      }
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES + SCALES;
      float scaleOfScales = Scales.half(source, position + 12);
      for (int group = 0; group < GROUPS; group++) {
        int low = source[position + group % 8] >> group / 8 * 4 & 0x0F;
        int upper = source[position + 8 + group % 4] >> group / 4 * 2 & 3;
        float scale = scaleOfScales * ((low | upper << 4) - 32);
        scales[block * GROUPS + group] = scale;
        offsets[block * GROUPS + group] = -4 * scale;
      }
    }
  }
}
