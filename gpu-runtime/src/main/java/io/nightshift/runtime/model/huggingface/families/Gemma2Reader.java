package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gemma 2: capped scores and logits, a sliding window in every other layer. */
final class Gemma2Reader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
            "intermediate_size",
            "hidden_activation",
            "hidden_act",
            "attention_bias",
            "query_pre_attn_scalar",
            "attn_logit_softcapping",
            "final_logit_softcapping",
            "sliding_window",
            "layer_types")
        .ignoring("sliding_window_size");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of(
        "num_key_value_heads",
        4,
        "head_dim",
        256,
        "query_pre_attn_scalar",
        256,
        "attn_logit_softcapping",
        50.0,
        "final_logit_softcapping",
        30.0,
        "sliding_window",
        4096,
        "tie_word_embeddings",
        true);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    int layers = values.layerCount();
    int[] windows = new LayerTypes(values.json(), layers).windows(layer -> layer % 2 == 0);
    AttentionConfig attention = GemmaParts.attention(values);
    Optional<RopeConfig> rope = Optional.of(values.rope(attention.headSize()));
    FeedForwardConfig mlp = GemmaParts.mlp(values);
    return values.model(
        ModelFamily.GEMMA2,
        attention,
        values.layers(layer -> new LayerConfig(windows[layer], rope, mlp)),
        GemmaParts.multipliers(values));
  }

  @Override
  public TensorTable.Layout layout(ModelConfig config, Set<String> stored) {
    return new GemmaLayout(config, stored);
  }
}
