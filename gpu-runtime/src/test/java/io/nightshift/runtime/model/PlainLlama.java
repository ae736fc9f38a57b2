package io.nightshift.runtime.model;

import io.nightshift.runtime.model.random.ModelShape;
import java.util.Set;

/** Llama models without extras, for tests to which only the sizes matter. */
public final class PlainLlama {

  private PlainLlama() {}

  /**
   * @param heads query heads, which {@code keyValueHeads} divides
   * @param endTokens end-of-sequence tokens
   */
  public static ModelConfig config(
      int layers,
      int hidden,
      int heads,
      int keyValueHeads,
      int headSize,
      int intermediate,
      int vocabulary,
      int positions,
      Integer... endTokens) {
    return ModelShape.llama(
        layers,
        hidden,
        AttentionConfig.plain(heads, keyValueHeads, headSize),
        intermediate,
        vocabulary,
        positions,
        RopeConfig.unscaled(10_000, headSize),
        false,
        Set.of(endTokens));
  }
}
