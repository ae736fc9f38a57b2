package io.nightshift.runtime.cpu;

import java.util.Arrays;

/**
 * Keeps values that are not finite out of the KV cache. Attention gives a masked token the weight
 * 0, but 0 times infinity or NaN is NaN, so that the value would affect tokens that must not attend
 * to it. A masked key is harmless, because its score is overwritten. Therefore such a value is
 * replaced by zeros and its key by NaN: exactly the tokens that attend to it become NaN.
 */
final class FiniteValues {
  private FiniteValues() {}

  /**
   * Checks one head of one token.
   *
   * @param key index of the first of {@code size} elements of the key
   * @param value index of the first of {@code size} elements of the value
   */
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
