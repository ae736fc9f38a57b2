package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import java.nio.ByteBuffer;

/** Brings rows of a quantized tensor into the form of {@link PackedMatrix}, one after the other. */
final class RowPacker {
  /**
   * The least of the largest scales and offsets of a row that need no row scale. Those of the row
   * that are then too small for a normal f16 are off by less than 2^-13 of the largest.
   */
  private static final float LEAST_LARGEST = 0x1p-12f;

  private static final float MOST_LARGEST = 65_504;

  private final QuantizedTensor tensor;
  private final boolean hasOffsets;
  private final byte[] codes;
  private final byte[] packed;
  private final float[] scales;
  private final float[] offsets;

  RowPacker(QuantizedTensor tensor) {
    this.tensor = tensor;
    Quantization encoding = tensor.quantization();
    int columns = tensor.columns();
    hasOffsets = encoding.hasOffsets();
    packed = new byte[PackedMatrix.codeBytes(encoding.codes(), columns)];
    codes = encoding.codes().bits() == Byte.SIZE ? packed : new byte[2 * packed.length];
    scales = new float[encoding.groupCount(columns)];
    offsets = new float[scales.length];
  }

  /**
   * Packs a row. The buffers are at the places of its parts.
   *
   * @return whether the row's scale is not 1
   */
  boolean pack(
      int row,
      ByteBuffer codesOut,
      ByteBuffer scalesOut,
      ByteBuffer offsetsOut,
      ByteBuffer rowOut) {
    tensor.readCodes(row, codes, 0);
    if (codes != packed) {
      for (int i = 0; i < packed.length; i++) {
        packed[i] = (byte) (codes[2 * i] & 0x0F | codes[2 * i + 1] << 4);
      }
    }
    codesOut.put(packed);
    tensor.readGroups(row, scales, offsets);
    float rowScale = rowScale();
    float factor = 1 / rowScale;
    for (float scale : scales) {
      scalesOut.putShort(Half.nearest(scale * factor));
    }
    if (hasOffsets) {
      for (float offset : offsets) {
        offsetsOut.putShort(Half.nearest(offset * factor));
      }
    }
    rowOut.putFloat(rowScale);
    return rowScale != 1;
  }

  /** A power of two whose reciprocal is finite, too. */
  private float rowScale() {
    float largest = 0;
    for (int group = 0; group < scales.length; group++) {
      largest = Math.max(largest, Math.max(Math.abs(scales[group]), Math.abs(offsets[group])));
    }
    boolean fits = largest == 0 || largest >= LEAST_LARGEST && largest <= MOST_LARGEST;
    if (fits || Float.isNaN(largest) || Float.isInfinite(largest)) {
      return 1;
    }
    int exponent = Math.max(Float.MIN_EXPONENT, Math.getExponent(largest));
    return Math.scalb(1f, Math.min(exponent, Float.MAX_EXPONENT - 1));
  }
}
