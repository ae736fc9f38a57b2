package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * gpt-oss: attention sinks, biases everywhere, a sliding window in every other layer, YaRN, and
 * experts with a clamped SwiGLU, in MXFP4 or as plain numbers.
 */
final class GptOssReader implements FamilyReader {
  private static final String PER_TOKEN = "num_experts_per_tok";

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
            "intermediate_size",
            "hidden_act",
            "attention_bias",
            "num_local_experts",
            PER_TOKEN,
            "experts_per_token",
            "swiglu_limit",
            "swiglu_alpha",
            "sliding_window",
            "layer_types")
        .ignoring("initial_context_length");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.ofEntries(
        Map.entry("num_key_value_heads", 8),
        Map.entry("head_dim", 64),
        Map.entry("rms_norm_eps", 1e-5),
        Map.entry("rope_theta", 150_000.0),
        Map.entry("num_local_experts", 128),
        Map.entry(PER_TOKEN, 4),
        Map.entry("attention_bias", true),
        Map.entry("sliding_window", 128));
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    JsonFile config = values.json();
    requireValue(config, "swiglu_limit", 7);
    requireValue(config, "swiglu_alpha", 1.702);
    values.activation("hidden_act", "silu");
    boolean bias = values.flag("attention_bias");
    AttentionConfig attention = values.attention().withBiases(bias, bias).withSinks(true);
    int[] windows = new LayerTypes(config, values.layerCount()).windows(layer -> layer % 2 == 0);
    Optional<RopeConfig> rope = Optional.of(rope(config).read(attention.headSize()));
    int count = config.positiveInteger("num_local_experts");
    int perToken = values.expertsPerToken(PER_TOKEN, count);
    requireValue(config, "experts_per_token", perToken);
    ExpertsConfig experts =
        new ExpertsConfig(
            count,
            perToken,
            config.positiveInteger("intermediate_size"),
            ModelFamily.GPT_OSS.activation(),
            true,
            true);
    return values.model(
        ModelFamily.GPT_OSS,
        attention,
        values.layers(layer -> new LayerConfig(windows[layer], rope, experts)));
  }

  /** Without any parameters, transformers scales with YaRN as the published models do. */
  private static RopeParameters rope(JsonFile config) {
    if (config.value("rope_scaling").isEmpty() && config.value("rope_parameters").isEmpty()) {
      throw config.problem("rope_scaling", "is missing");
    }
    return RopeParameters.of(config);
  }

  private static void requireValue(JsonFile config, String key, double expected) {
    double value = config.number(key).orElse(expected);
    if (value != expected) {
      throw config.problem(key, "%s is not supported, expected %s".formatted(value, expected));
    }
  }

  @Override
  public TensorTable.Layout layout(ModelConfig config, Set<String> stored) {
    return new GptOssLayout(config, stored);
  }
}
