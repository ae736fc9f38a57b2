package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import java.util.Arrays;

/**
 * NVFP4: 64 elements e2m1 in four sub-blocks of 16. 4 scales e4m3 without sign, and 8 bytes for
 * each sub-block, whose low halves are the first 8 of its elements. ggml takes a scale of all ones,
 * which is no number, for zero.
 */
final class Nvfp4 implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 36;
  private static final int GROUPS = 4;
  private static final int NOT_A_NUMBER = 0x7F;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.E2M1, 16, false);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      for (int group = 0; group < GROUPS; group++) {
        int from = block * BLOCK_BYTES + GROUPS + group * 8;
        Nibbles.halves(source, from, 8, target, offset + block * 64 + group * 16);
      }
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    Arrays.fill(offsets, 0, blocks * GROUPS, 0);
    for (int block = 0; block < blocks; block++) {
      for (int group = 0; group < GROUPS; group++) {
        byte scale = (byte) (source[block * BLOCK_BYTES + group] & 0x7F);
        scales[block * GROUPS + group] = scale == NOT_A_NUMBER ? 0 : CodeType.E4M3.value(scale);
      }
    }
  }
}
