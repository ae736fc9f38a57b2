package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.Multipliers;

/** What Gemma 2 and 3 have in common: GeGLU, sandwich norms, scaled embeddings and scores. */
final class GemmaParts {
  private static final String ACTIVATION = "gelu_pytorch_tanh";

  private GemmaParts() {}

  /**
   * Attention with the scale {@code 1 / sqrt(query_pre_attn_scalar)}, capped if the file says so.
   */
  static AttentionConfig attention(ConfigValues values) {
    boolean bias = values.flag("attention_bias");
    double scalar = RopeParameters.positive(values.json(), "query_pre_attn_scalar");
    return values
        .attention()
        .withBiases(bias, bias)
        .withScale((float) (1 / Math.sqrt(scalar)))
        .withSoftCap(softCap(values, "attn_logit_softcapping"));
  }

  /** {@code hidden_act} of old files has no effect, but must not contradict. */
  static FeedForwardConfig mlp(ConfigValues values) {
    values.activation("hidden_act", ACTIVATION);
    return new GatedMlpConfig(
        values.json().positiveInteger("intermediate_size"),
        values.activation("hidden_activation", ACTIVATION));
  }

  static Multipliers multipliers(ConfigValues values) {
    double hidden = values.json().positiveInteger("hidden_size");
    return new Multipliers(
        (float) Math.sqrt(hidden), 1, 1, softCap(values, "final_logit_softcapping"));
  }

  private static float softCap(ConfigValues values, String key) {
    return values.notNegative(key, 0);
  }
}
