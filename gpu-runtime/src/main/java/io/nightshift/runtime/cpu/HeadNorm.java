package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/** Root mean square norm of each query or key head, before the rotary embedding (Qwen3). */
final class HeadNorm {
  private final int headSize;
  private final float epsilon;

  HeadNorm(ModelConfig config) {
    headSize = config.attention().headSize();
    epsilon = config.normEpsilon();
  }

  /**
   * Norms the heads of one token in place.
   *
   * @param weights {@code headSize} weights that all heads share, or null if the model has none
   */
  void apply(float @Nullable [] weights, float[] token, int heads) {
    if (weights == null) {
      return;
    }
    for (int head = 0; head < heads; head++) {
      int start = head * headSize;
      float squares = 0;
      for (int i = start; i < start + headSize; i++) {
        squares += token[i] * token[i];
      }
      float factor = (float) (1 / Math.sqrt(squares / headSize + epsilon));
      for (int i = 0; i < headSize; i++) {
        token[start + i] *= factor * weights[i];
      }
    }
  }
}
