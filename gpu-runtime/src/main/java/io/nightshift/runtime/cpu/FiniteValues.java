package io.nightshift.runtime.cpu;

import java.util.Arrays;

/**
 * Keeps values that are not finite out of the KV cache. Attention gives a masked token the weight
 * 0, but 0 times infinity or NaN is NaN: the value would reach tokens that must not see it. A
 * masked key is harmless, because its score is overwritten. So such a value is replaced by zeros,
 * and its key by NaN, which makes NaN of exactly those tokens that see it.
 */
final class FiniteValues {
  private FiniteValues() {}

  /** Checks one head of one token: {@code size} elements of its value, and as many of its key. */
  static void enforce(float[] keys, int key, float[] values, int value, int size) {
    for (int i = value; i < value + size; i++) {
      if (!Float.isFinite(values[i])) {
        Arrays.fill(values, value, value + size, 0f);
        Arrays.fill(keys, key, key + size, Float.NaN);
        return;
      }
    }
  }
}
