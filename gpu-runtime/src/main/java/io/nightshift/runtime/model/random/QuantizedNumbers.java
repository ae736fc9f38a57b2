package io.nightshift.runtime.model.random;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;

/**
 * Random codes, and random scales of groups with which their numbers have a standard deviation.
 *
 * @param meanScale scales are this times a number from 0.5 to 1.5, evenly distributed
 * @param center the mean of the codes' values, which offsets subtract; 0 without offsets
 */
public record QuantizedNumbers(float meanScale, float center) {
  /** Mean square of a number from 0.5 to 1.5. */
  private static final double SPREAD = 13 / 12.0;

  /** Of an encoding whose codes all stand for finite numbers. */
  public static QuantizedNumbers of(Quantization encoding, float standardDeviation) {
    CodeType codes = encoding.codes();
    int count = 1 << codes.bits();
    double sum = 0;
    double squares = 0;
    for (int code = 0; code < count; code++) {
      double value = codes.value((byte) code);
      if (Double.isNaN(value)) {
        throw new IllegalArgumentException("random codes of " + codes + " would include NaN");
      }
      sum += value;
      squares += value * value;
    }
    double center = encoding.hasOffsets() ? sum / count : 0;
    double variance = squares / count - center * center;
    return new QuantizedNumbers(
        (float) (standardDeviation / Math.sqrt(variance * SPREAD)), (float) center);
  }

  /** Fills the codes of a row: eight bytes for each number of {@link SplitMix64}. */
  static void codes(long stream, CodeType type, byte[] target, int offset, int count) {
    long state = SplitMix64.hash(stream);
    int perWord = Long.SIZE / type.bits();
    for (int first = 0; first < count; first += perWord) {
      long bits = SplitMix64.hash(state + first / perWord);
      for (int i = first; i < Math.min(count, first + perWord); i++) {
        target[offset + i] = (byte) (bits & (1 << type.bits()) - 1);
        bits >>>= type.bits();
      }
    }
  }

  /** Fills the scales and offsets of a row's groups. */
  void groups(long stream, float[] scales, float[] offsets) {
    long state = ~SplitMix64.hash(stream);
    for (int group = 0; group < scales.length; group++) {
      float evenly = (SplitMix64.hash(state + group) >>> 40) * 0x1p-24f;
      scales[group] = meanScale * (0.5f + evenly);
      offsets[group] = -center * scales[group];
    }
  }
}
