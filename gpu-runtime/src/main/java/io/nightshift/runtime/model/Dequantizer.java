package io.nightshift.runtime.model;

/**
 * Computes the elements of rows of a {@link QuantizedTensor} from their codes, scales and offsets.
 * The arrays are those of one row at a time. Not thread-safe.
 */
public final class Dequantizer {
  private final Quantization quantization;
  private final int columns;
  private final byte[] codes;
  private final float[] scales;
  private final float[] offsets;
  private final float[] values;

  /**
   * @param columns of a row
   */
  public Dequantizer(Quantization quantization, int columns) {
    this.quantization = quantization;
    this.columns = columns;
    int groups = quantization.groupCount(columns);
    codes = new byte[columns];
    scales = new float[groups];
    offsets = new float[groups];
    values = quantization.codes().valuesOfBytes();
  }

  /** To be filled with the row's codes. */
  public byte[] codes() {
    return codes;
  }

  /** To be filled with the scales of the row's groups. */
  public float[] scales() {
    return scales;
  }

  /** To be filled with the offsets of the row's groups, if the encoding has offsets. */
  public float[] offsets() {
    return offsets;
  }

  /** Writes the row's elements to {@code target}, from {@code offset} on. */
  public void write(float[] target, int offset) {
    if (quantization.groups() instanceof Quantization.ColumnGroups.Listed listed) {
      int[] group = listed.ofColumn();
      for (int column = 0; column < columns; column++) {
        target[offset + column] =
            scales[group[column]] * values[codes[column] & 0xFF] + offsets[group[column]];
      }
      return;
    }
    int size = quantization.groupSize();
    for (int group = 0; group < scales.length; group++) {
      int first = group * size;
      int count = Math.min(size, columns - first);
      switch (quantization.codes()) {
        case UINT4 -> writeIntegers(0x0F, first, count, group, target, offset + first);
        case INT8 -> writeIntegers(-1, first, count, group, target, offset + first);
        default -> writeValues(first, count, group, target, offset + first);
      }
    }
  }

  /** Computes numbers instead of looking them up, which takes less time. */
  private void writeIntegers(
      int mask, int first, int count, int group, float[] target, int offset) {
    float scale = scales[group];
    float shift = offsets[group];
    for (int i = 0; i < count; i++) {
      target[offset + i] = scale * (codes[first + i] & mask) + shift;
    }
  }

  private void writeValues(int first, int count, int group, float[] target, int offset) {
    float scale = scales[group];
    float shift = offsets[group];
    for (int i = 0; i < count; i++) {
      target[offset + i] = scale * values[codes[first + i] & 0xFF] + shift;
    }
  }
}
