package io.nightshift.runtime.model.random;

import java.util.Random;

/**
 * Normal numbers, fast enough for billions of weights: drawn from 65,536 numbers that are computed
 * once, four for each number of {@link SplitMix64}.
 */
public final class NormalNumbers {
  private static final int TABLE_BITS = 16;

  private final float[] table = new float[1 << TABLE_BITS];

  public NormalNumbers(float standardDeviation) {
    Random random = new Random(0);
    for (int i = 0; i < table.length; i++) {
      table[i] = standardDeviation * (float) random.nextGaussian();
    }
  }

  /** The 65,536 numbers that are drawn from, which depend on the standard deviation only. */
  public float[] table() {
    return table.clone();
  }

  /** Fills {@code target[offset .. offset + count)} with the numbers of one stream. */
  void fill(long stream, float[] target, int offset, int count) {
    long state = SplitMix64.hash(stream);
    for (int i = 0; i < count; i += Long.SIZE / TABLE_BITS) {
      long bits = SplitMix64.hash(state + i);
      int end = Math.min(count, i + Long.SIZE / TABLE_BITS);
      for (int j = i; j < end; j++) {
        target[offset + j] = table[(int) bits & table.length - 1];
        bits >>>= TABLE_BITS;
      }
    }
  }
}
