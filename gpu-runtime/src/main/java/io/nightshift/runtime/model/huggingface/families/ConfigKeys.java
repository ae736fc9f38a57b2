package io.nightshift.runtime.model.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a family does with the keys of {@code config.json}: some are honored, some must have the
 * value with which they change nothing, some have no effect on what a model computes. Any other key
 * is refused unless its value is null, since it may say something that is not followed.
 */
final class ConfigKeys {

  /** Keys that every family honors. */
  private static final List<String> COMMON =
      List.of(
          "model_type",
          "architectures",
          "vocab_size",
          "hidden_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "max_position_embeddings",
          "rms_norm_eps",
          "rope_theta",
          "rope_scaling",
          "rope_parameters",
          "tie_word_embeddings",
          "eos_token_id",
          "quantization_config");

  /** Keys of related families and of other architectures, with the value that changes nothing. */
  private static final Map<String, Double> NEUTRAL =
      Map.ofEntries(
          Map.entry("add_cross_attention", 0.),
          Map.entry("alibi", 0.),
          Map.entry("attention_bias", 0.),
          Map.entry("attn_logit_softcapping", 0.),
          Map.entry("embedding_multiplier", 1.),
          Map.entry("final_logit_softcapping", 0.),
          Map.entry("full_attn_mod", 1.),
          Map.entry("interpolate_factor", 1.),
          Map.entry("is_causal", 1.),
          Map.entry("is_encoder_decoder", 0.),
          Map.entry("lm_head_bias", 0.),
          Map.entry("logit_scale", 1.),
          Map.entry("logits_scaling", 1.),
          Map.entry("mlp_bias", 0.),
          Map.entry("num_experts", 0.),
          Map.entry("num_local_experts", 0.),
          Map.entry("partial_rotary_factor", 1.),
          Map.entry("residual_multiplier", 1.),
          Map.entry("rope_interleaved", 0.),
          Map.entry("use_bidirectional_attention", 0.),
          Map.entry("use_parallel_residual", 0.),
          Map.entry("use_sliding_window", 0.));

  private final Set<String> honored = new TreeSet<>(COMMON);
  private final Set<String> own = new TreeSet<>();
  private final Map<String, Double> neutral = new TreeMap<>(NEUTRAL);
  private final Set<String> ineffective = new TreeSet<>();

  private ConfigKeys() {}

  /** The keys that a family honors besides those that all do. */
  static ConfigKeys honoring(String... keys) {
    ConfigKeys result = new ConfigKeys();
    List<String> added = Arrays.asList(keys);
    result.honored.addAll(added);
    result.own.addAll(added);
    return result;
  }

  /** Adds keys that the family's models have and that have no effect on what they compute. */
  ConfigKeys ignoring(String... keys) {
    ineffective.addAll(Arrays.asList(keys));
    return this;
  }

  /** Keys that every family honors, in the order of their importance. */
  static List<String> common() {
    return COMMON;
  }

  /** Keys that this family honors besides the common ones, in alphabetical order. */
  List<String> own() {
    return List.copyOf(own);
  }

  /**
   * Refuses a file that says what is not followed.
   *
   * @param family name of the family for the message
   * @throws ModelFormatException if a key is not known, or has another value than the neutral one
   */
  void check(JsonFile config, String family) {
    for (String key : config.keys()) {
      JsonNode value = config.value(key).orElse(null);
      if (value == null
          || honored.contains(key)
          || ineffective.contains(key)
          || Bookkeeping.contains(key)) {
        continue;
      }
      Double expected = neutral.get(key);
      if (expected == null) {
        throw config.problem(
            key, "is not known for %s; it may change what the model computes".formatted(family));
      }
      if (!expected.equals(scalar(value))) {
        throw config.problem(key, "%s is not supported for %s".formatted(value, family));
      }
    }
  }

  /** The value as a number; true is 1, false is 0. */
  private static @Nullable Double scalar(JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue() ? 1. : 0.;
    }
    return value.isNumber() ? Double.valueOf(value.doubleValue()) : null;
  }
}
