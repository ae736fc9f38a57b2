package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
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
 * Gemma 3: norms of each query and key head, a sliding window in five of six layers, and a rotary
 * embedding of its own in these.
 *
 * <p>Folders with images ({@code gemma3}) have the same language model as {@code text_config};
 * their tensors for images are left out.
 */
final class Gemma3Reader implements FamilyReader {
  private static final String TEXT = "text_config";
  static final String LOCAL_THETA = "rope_local_base_freq";
  private static final String ROPE = "rope_parameters";
  private static final ConfigKeys AROUND_TEXT =
      ConfigKeys.honoring(TEXT).ignoring("vision_config", "mm_tokens_per_image");

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
            "layer_types",
            "sliding_window_pattern",
            LOCAL_THETA)
        .ignoring("_sliding_window_pattern");
  }

  /** All of them, since {@code text_config} of published models leaves out what is the default. */
  @Override
  public Map<String, Object> defaults() {
    return Map.ofEntries(
        Map.entry("vocab_size", 262_208),
        Map.entry("hidden_size", 2304),
        Map.entry("intermediate_size", 9216),
        Map.entry("num_hidden_layers", 26),
        Map.entry("num_attention_heads", 8),
        Map.entry("num_key_value_heads", 4),
        Map.entry("head_dim", 256),
        Map.entry("max_position_embeddings", 131_072),
        Map.entry("query_pre_attn_scalar", 256),
        Map.entry("sliding_window", 4096),
        Map.entry("sliding_window_pattern", 6),
        Map.entry("rope_theta", 1_000_000.0),
        Map.entry(LOCAL_THETA, 10_000.0),
        Map.entry("tie_word_embeddings", true));
  }

  @Override
  public JsonFile textModel(JsonFile config) {
    if (!config.requiredString("model_type").equals("gemma3")) {
      return config;
    }
    AROUND_TEXT.check(config, "Gemma 3 with images");
    JsonFile text = config.child(TEXT).orElseThrow(() -> config.problem(TEXT, "is missing"));
    String type = text.string("model_type").orElse("gemma3_text");
    if (!type.equals("gemma3_text")) {
      throw text.problem("model_type", "\"%s\", expected gemma3_text".formatted(type));
    }
    return text;
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    int layers = values.layerCount();
    JsonFile config = values.json();
    int pattern = pattern(config);
    int[] windows = new LayerTypes(config, layers).windows(layer -> (layer + 1) % pattern != 0);
    AttentionConfig attention = GemmaParts.attention(values);
    FeedForwardConfig mlp = GemmaParts.mlp(values);
    Optional<RopeConfig> global = Optional.of(globalRope(config).read(attention.headSize()));
    Optional<RopeConfig> local = Optional.of(localRope(config).read(attention.headSize()));
    return values.model(
        ModelFamily.GEMMA3,
        attention,
        values.layers(
            layer -> new LayerConfig(windows[layer], windows[layer] > 0 ? local : global, mlp)),
        GemmaParts.multipliers(values));
  }

  /** Every how many layers one has no window. */
  private static int pattern(JsonFile config) {
    String key = "sliding_window_pattern";
    int pattern = config.requiredInteger(key);
    if (pattern <= 0) {
      throw config.problem(key, pattern + ", expected a positive number");
    }
    return pattern;
  }

  /** Scaling in the layout of transformers before version 5 is for layers without a window. */
  private static RopeParameters globalRope(JsonFile config) {
    return new RopeParameters(
        config,
        ofLayers(config, LayerTypes.FULL).or(() -> config.child("rope_scaling")),
        config.requiredNumber("rope_theta"));
  }

  private static RopeParameters localRope(JsonFile config) {
    return new RopeParameters(
        config, ofLayers(config, LayerTypes.SLIDING), config.requiredNumber(LOCAL_THETA));
  }

  private static Optional<JsonFile> ofLayers(JsonFile config, String type) {
    Optional<JsonFile> parameters = config.child(ROPE);
    parameters.ifPresent(
        object -> {
          for (String key : object.keys()) {
            if (!key.equals(LayerTypes.SLIDING) && !key.equals(LayerTypes.FULL)) {
              throw object.problem(
                  key, "expected %s and %s only".formatted(LayerTypes.SLIDING, LayerTypes.FULL));
            }
          }
        });
    return parameters.flatMap(object -> object.child(type));
  }

  @Override
  public TensorTable.Layout layout(ModelConfig config, Set<String> stored) {
    return new GemmaLayout(config, stored);
  }
}
