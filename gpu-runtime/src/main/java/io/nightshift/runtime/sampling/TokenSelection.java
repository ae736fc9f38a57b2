package io.nightshift.runtime.sampling;

import java.util.function.LongToDoubleFunction;

/**
 * Selects the largest logits without sorting: quickselect (Hoare, 1961) on keys that order tokens
 * by falling logit, and tokens of equal logit by rising id. No two keys are equal.
 */
final class TokenSelection {

  private TokenSelection() {}

  /** The key of a token: its logit, in bits that sort the other way, above its id. */
  static long key(float logit, int token) {
    // Adding 0 makes negative zero positive, since the two are equal logits.
    int bits = Float.floatToIntBits(logit + 0.0f);
    int ascending = bits ^ ((bits >> 31) & 0x7FFFFFFF);
    return ((long) ~ascending << 32) | token;
  }

  static int token(long key) {
    return (int) key;
  }

  /**
   * Reorders {@code keys[0 .. count)} so that the smallest come first, as many as are needed for
   * their weights to sum to at least {@code target}.
   *
   * @return how many these are; at least 1, and {@code count} where the sum is never reached
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
   * Hoare's partition of two or more keys.
   *
   * @return where the upper part begins; neither part is empty
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
