package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import java.util.Arrays;

/**
 * IQ4_XS: 256 elements in eight sub-blocks of 32. f16 scale of the scales, a 16-bit word with the
 * upper two bits of each 6-bit scale, 4 bytes with their lower four, and 16 bytes for each
 * sub-block as in {@link Iq4Nl}; {@code scale * level(q)}, the scale stored plus 32.
 */
final class Iq4Xs implements QuantizedBlocks {
  private static final int BLOCK_BYTES = 136;
  private static final int GROUPS = 8;

  @Override
  public Quantization quantization() {
    return new Quantization(CodeType.IQ4, 32, false);
  }

  @Override
  public void codes(byte[] source, int blocks, byte[] target, int offset) {
    for (int block = 0; block < blocks; block++) {
      for (int group = 0; group < GROUPS; group++) {
        int from = block * BLOCK_BYTES + 8 + group * 16;
        Nibbles.halves(source, from, 16, target, offset + block * 256 + group * 32);
      }
    }
  }

  @Override
  public void groups(byte[] source, int blocks, float[] scales, float[] offsets) {
    Arrays.fill(offsets, 0, blocks * GROUPS, 0);
    for (int block = 0; block < blocks; block++) {
      int position = block * BLOCK_BYTES;
      float scaleOfScales = Scales.half(source, position);
      for (int group = 0; group < GROUPS; group++) {
        int low = source[position + 4 + group / 2] >> group % 2 * 4 & 0x0F;
        int upper = source[position + 2 + group / 4] >> group % 4 * 2 & 3;
        scales[block * GROUPS + group] = scaleOfScales * ((low | upper << 4) - 32);
      }
    }
  }
}
