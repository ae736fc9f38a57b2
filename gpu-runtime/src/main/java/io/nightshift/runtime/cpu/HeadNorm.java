package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Root mean square norm of queries or keys, before the rotary embedding. As many weights as a head
 * has elements norm each head by itself (Qwen3), as many as all heads have norm them together (OLMo
 * 2).
 */
final class HeadNorm {
  private final float epsilon;

  HeadNorm(ModelConfig config) {
    epsilon = config.normEpsilon();
  }

  /**
   * Norms the heads of one token in place.
   *
   * @param weights weights of the elements that are normed together, or null if there is no norm
   * @param elements number of elements of all heads
   */
  void apply(float @Nullable [] weights, float[] token, int elements) {
    if (weights == null) {
      return;
    }
    for (int start = 0; start < elements; start += weights.length) {
      double squares = 0;
      for (int i = start; i < start + weights.length; i++) {
        squares += token[i] * token[i];
      }
      float factor = (float) (1 / Math.sqrt(squares / weights.length + epsilon));
      for (int i = 0; i < weights.length; i++) {
        token[start + i] *= factor * weights[i];
      }
    }
  }
}
