package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import java.util.Arrays;

/**
 * Q6_K: 256 elements in sixteen sub-blocks of 16. 128 bytes of low halves, 64 bytes of upper bit
 * pairs, 16 signed scales, f16 scale of the scales; {@code scale * (q - 32)}.
 *
 * <p>Elements come in runs of 32. In each half of the block, four runs share 64 bytes of low bits
 * (runs 0 and 2 in the first 32 bytes, 1 and 3 in the others, low halves first) and 32 bytes of
 * upper bits (run {@code r} at bits {@code 2 r}).
 */
final class Q6K implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 210;
  private static final int GROUPS = 16;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.INT8, 16, false);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES;
      for (int run = 0; run < 8; run++) {
        int half = run / 4;
        int runOfHalf = run % 4;
        int lowBits = position + half * 64 + runOfHalf % 2 * 32;
        int lowShift = runOfHalf / 2 * 4;
        int upperBits = position + 128 + half * 32;
        int upperShift = runOfHalf * 2;
        int to = offset + block * 256 + run * 32;
        for (int i = 0; i < 32; i++) {
          int low = source[lowBits + i] >> lowShift & 0x0F;
          int upper = source[upperBits + i] >> upperShift & 3;
          target[to + i] = (byte) ((low | upper << 4) - 32);
        }
      }
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    Arrays.fill(offsets, 0, blocks * GROUPS, 0);
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES + 192;
      float scaleOfScales = Scales.half(source, position + GROUPS);
      for (int group = 0; group < GROUPS; group++) {
        scales[block * GROUPS + group] = scaleOfScales * source[position + group];
      }
    }
  }
}
