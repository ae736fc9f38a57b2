package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.RopeConfig;
import java.util.Map;
import java.util.Optional;

/** Qwen3: norms of each query and key head. */
final class Qwen3Reader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
        "intermediate_size",
        "hidden_act",
        "attention_bias",
        "use_sliding_window",
        "sliding_window",
        "max_window_layers",
        "layer_types");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of("head_dim", 128, "num_key_value_heads", 32, "sliding_window", 4096);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    int[] windows = QwenWindows.read(values);
    boolean bias = values.flag("attention_bias");
    AttentionConfig attention = values.attention().withBiases(bias, bias);
    Optional<RopeConfig> rope = Optional.of(values.rope(attention.headSize()));
    FeedForwardConfig mlp = values.gatedMlp();
    return values.model(
        ModelFamily.QWEN3,
        attention,
        values.layers(layer -> new LayerConfig(windows[layer], rope, mlp)));
  }
}
