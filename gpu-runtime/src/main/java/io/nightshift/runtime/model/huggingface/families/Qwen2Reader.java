package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.RopeConfig;
import java.util.Map;
import java.util.Optional;

/** Qwen2 and Qwen2.5: biases of queries, keys and values. */
final class Qwen2Reader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
        "intermediate_size",
        "hidden_act",
        "use_sliding_window",
        "sliding_window",
        "max_window_layers",
        "layer_types");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of("num_key_value_heads", 32, "sliding_window", 4096);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    int[] windows = QwenWindows.read(values);
    AttentionConfig attention = values.attention().withBiases(true, false);
    Optional<RopeConfig> rope = Optional.of(values.rope(attention.headSize()));
    FeedForwardConfig mlp = values.gatedMlp();
    return values.model(
        ModelFamily.QWEN2,
        attention,
        values.layers(layer -> new LayerConfig(windows[layer], rope, mlp)));
  }
}
