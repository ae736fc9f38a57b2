package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.Multipliers;

/** What Granite 3 and 4 have in common: constant factors of activations and of scores. */
final class GraniteParts {
  private GraniteParts() {}

  static AttentionConfig attention(ConfigValues values) {
    boolean bias = values.flag("attention_bias");
    return values
        .attention()
        .withBiases(bias, bias)
        .withScale(values.multiplier("attention_multiplier"));
  }

  static Multipliers multipliers(ConfigValues values) {
    return new Multipliers(
        values.multiplier("embedding_multiplier"),
        values.multiplier("residual_multiplier"),
        1 / values.multiplier("logits_scaling"),
        0);
  }
}
