package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import java.util.Arrays;

/**
 * A matrix rounded to codes: each group's range is that of its elements, or without offsets that of
 * their magnitudes. Scales and offsets have ten bits of fraction, as f16 does.
 */
final class RoundedTensor implements QuantizedTensor {
  private final Tensor original;
  private final Quantization encoding;
  private final float[] values;

  RoundedTensor(Tensor original, Quantization encoding) {
    this.original = original;
    this.encoding = encoding;
    values = new float[1 << encoding.codes().bits()];
    for (int code = 0; code < values.length; code++) {
      values[code] = encoding.codes().value((byte) code);
    }
  }

  @Override
  public Quantization quantization() {
    return encoding;
  }

  @Override
  public void readCodes(int row, byte[] target, int offset) {
    float[] elements = elements(row);
    int groups = encoding.groupCount(columns());
    float[] scales = new float[groups];
    float[] offsets = new float[groups];
    readGroups(row, scales, offsets);
    for (int column = 0; column < elements.length; column++) {
      int group = encoding.group(column);
      target[offset + column] = nearest(elements[column], scales[group], offsets[group]);
    }
  }

  private byte nearest(float element, float scale, float offset) {
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int code = 0; code < values.length; code++) {
      float distance = Math.abs(scale * values[code] + offset - element);
      if (distance < least) {
        least = distance;
        best = code;
      }
    }
    return (byte) best;
  }

  @Override
  public void readGroups(int row, float[] scales, float[] offsets) {
    float[] elements = elements(row);
    int groups = encoding.groupCount(columns());
    float[] low = filled(groups, Float.POSITIVE_INFINITY);
    float[] high = filled(groups, Float.NEGATIVE_INFINITY);
    for (int column = 0; column < elements.length; column++) {
      int group = encoding.group(column);
      low[group] = Math.min(low[group], elements[column]);
      high[group] = Math.max(high[group], elements[column]);
    }
    float least = extreme(-1);
    float largest = extreme(1);
    for (int group = 0; group < groups; group++) {
      if (low[group] > high[group]) {
        scales[group] = 1;
        offsets[group] = 0;
      } else if (encoding.hasOffsets()) {
        scales[group] = tenBits((high[group] - low[group]) / (largest - least));
        offsets[group] = tenBits(low[group] - least * scales[group]);
      } else {
        float magnitude = Math.max(Math.abs(low[group]), Math.abs(high[group]));
        scales[group] = tenBits(magnitude / Math.min(largest, least < 0 ? -least : largest));
        offsets[group] = 0;
      }
    }
  }

  private float extreme(int sign) {
    float extreme = 0;
    for (float value : values) {
      extreme = Float.isNaN(value) || sign * value < sign * extreme ? extreme : value;
    }
    return extreme;
  }

  private static float[] filled(int count, float value) {
    float[] array = new float[count];
    Arrays.fill(array, value);
    return array;
  }

  private static float tenBits(float value) {
    return Float.intBitsToFloat(Float.floatToIntBits(value) + (1 << 12) & -1 << 13);
  }

  private float[] elements(int row) {
    float[] elements = new float[columns()];
    original.readRows(row, 1, elements, 0);
    return elements;
  }

  @Override
  public String name() {
    return original.name();
  }

  @Override
  public int rows() {
    return original.rows();
  }

  @Override
  public int columns() {
    return original.columns();
  }
}
