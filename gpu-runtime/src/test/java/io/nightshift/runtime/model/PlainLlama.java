package io.nightshift.runtime.model;

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
    return new ModelConfig(
        ModelFamily.LLAMA,
        layers,
        hidden,
        heads,
        keyValueHeads,
        headSize,
        intermediate,
        vocabulary,
        positions,
        1e-5f,
        RopeConfig.unscaled(10_000),
        false,
        false,
        false,
        false,
        0,
        Set.of(endTokens));
  }
}
