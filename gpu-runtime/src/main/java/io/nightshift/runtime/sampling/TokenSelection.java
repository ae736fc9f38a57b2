package io.nightshift.runtime.sampling;

import java.util.function.LongToDoubleFunction;

/**
 * Selects the largest logits without sorting: quickselect (Hoare, 1961) on keys that order tokens
 * by descending logit and tokens of equal logit by ascending id. No two keys are equal.
 */
final class TokenSelection {

  private TokenSelection() {}

  /** The key of a token: its logit in the high bits, in descending order, and its id in the low. */
  static long key(float logit, int token) {
    // Adding 0 turns negative zero into positive zero: the two are equal logits.
    int bits = Float.floatToIntBits(logit + 0.0f);
    int ascending = bits ^ ((bits >> 31) & 0x7FFFFFFF);
    return ((long) ~ascending << 32) | token;
  }

  static int token(long key) {
    return (int) key;
  }

  /**
   * Moves the smallest of {@code keys[0 .. count)} to the front, as few as have weights that sum to
   * at least {@code target}.
   *
   * @return their number, at least 1; {@code count} if all weights together do not reach {@code
   *     target}
   */
  static int select(long[] keys, int count, LongToDoubleFunction weight, double target) {
    int low = 0;
    int high = count;
    double missing = target;
    while (high - low > 1) {
      int middle = partition(keys, low, high);
      double sum = 0;
      for (int i = low; i < middle; i++) {
        sum += weight.applyAsDouble(keys[i]);
      }
      if (sum >= missing) {
        high = middle;
      } else {
        missing -= sum;
        low = middle;
      }
    }
    return high;
  }

  /**
   * Hoare's partition of at least two keys.
   *
   * @return index of the first key of the upper part; neither part is empty
   */
  private static int partition(long[] keys, int low, int high) {
    long pivot = keys[(low + high - 1) >>> 1];
    int i = low - 1;
    int j = high;
    while (true) {
      do {
        i++;
      } while (keys[i] < pivot);
      do {
        j--;
      } while (keys[j] > pivot);
      if (i >= j) {
        return j + 1;
      }
      long swapped = keys[i];
      keys[i] = keys[j];
      keys[j] = swapped;
    }
  }
}
