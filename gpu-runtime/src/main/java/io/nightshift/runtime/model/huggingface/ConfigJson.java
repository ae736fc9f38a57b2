package io.nightshift.runtime.model.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.QueryKeyNorm;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link ModelConfig} from {@code config.json} and {@code generation_config.json}. Defaults
 * are those of the configuration classes of Hugging Face transformers.
 */
final class ConfigJson {
  private static final double DEFAULT_NORM_EPSILON = 1e-6;
  private static final int DEFAULT_QWEN3_HEAD_SIZE = 128;
  private static final TreeMap<String, ModelFamily> FAMILIES =
      new TreeMap<>(
          Map.of(
              "llama", ModelFamily.LLAMA,
              "mistral", ModelFamily.MISTRAL,
              "qwen2", ModelFamily.QWEN2,
              "qwen3", ModelFamily.QWEN3));

  /**
   * Keys of related families, whose models are sometimes saved as one of the supported ones, and
   * their neutral values.
   */
  private static final Map<String, Double> NEUTRAL =
      Map.ofEntries(
          Map.entry("logits_scaling", 1.),
          Map.entry("logit_scale", 1.),
          Map.entry("embedding_multiplier", 1.),
          Map.entry("residual_multiplier", 1.),
          Map.entry("attn_logit_softcapping", 0.),
          Map.entry("final_logit_softcapping", 0.),
          Map.entry("num_local_experts", 0.),
          Map.entry("num_experts", 0.),
          Map.entry("use_parallel_residual", 0.),
          Map.entry("rope_interleaved", 0.),
          Map.entry("use_bidirectional_attention", 0.),
          Map.entry("is_causal", 1.),
          Map.entry("alibi", 0.));

  private final JsonFile config;
  private final Optional<JsonFile> generationConfig;
  private final ModelFamily family;

  ConfigJson(JsonFile config, Optional<JsonFile> generationConfig) {
    this.config = config;
    this.generationConfig = generationConfig;
    String type = config.requiredString("model_type");
    ModelFamily known = FAMILIES.get(type);
    if (known == null) {
      throw config.problem(
          "model_type",
          "\"%s\" is not supported, expected one of %s".formatted(type, FAMILIES.keySet()));
    }
    this.family = known;
  }

  /**
   * @throws ModelFormatException if a value is missing or inconsistent with others, or the model
   *     needs something that {@link ModelConfig} cannot represent
   */
  ModelConfig read() {
    refuseUnsupported();
    int layers = config.requiredInteger("num_hidden_layers");
    int hiddenSize = config.requiredInteger("hidden_size");
    int attentionHeads = config.requiredInteger("num_attention_heads");
    int headSize = headSize(hiddenSize, attentionHeads);
    boolean attentionBias = config.bool("attention_bias").orElse(false);
    try {
      ModelConfig.requireLayerCount(layers);
      LayerConfig layer =
          new LayerConfig(
              new SlidingWindow(config, family).read(layers),
              Optional.of(new RopeParameters(config).read(headSize)),
              new GatedMlpConfig(config.requiredInteger("intermediate_size"), Activation.SILU));
      return new ModelConfig(
          family,
          hiddenSize,
          config.requiredInteger("vocab_size"),
          config.requiredInteger("max_position_embeddings"),
          new AttentionConfig(
              attentionHeads,
              config.integer("num_key_value_heads").orElse(attentionHeads),
              headSize,
              AttentionConfig.defaultScale(headSize),
              0,
              family == ModelFamily.QWEN2 || attentionBias && family != ModelFamily.MISTRAL,
              attentionBias && (family == ModelFamily.LLAMA || family == ModelFamily.QWEN3),
              family == ModelFamily.QWEN3 ? QueryKeyNorm.EACH_HEAD : QueryKeyNorm.NONE,
              false),
          Collections.nCopies(layers, layer),
          NormPlacement.BEFORE,
          config.number("rms_norm_eps").orElse(DEFAULT_NORM_EPSILON).floatValue(),
          Multipliers.NONE,
          config.bool("tie_word_embeddings").orElse(false),
          endOfSequenceTokens());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.path() + ": " + e.getMessage(), e);
    }
  }

  private void refuseUnsupported() {
    NEUTRAL.forEach(
        (key, neutral) -> {
          Optional<JsonNode> value = config.value(key);
          if (value.isPresent() && !neutral.equals(scalar(value.get()))) {
            throw config.problem(key, value.get() + " is not supported");
          }
        });
    String activation = config.string("hidden_act").orElse("silu");
    if (!activation.equals("silu")) {
      throw config.problem("hidden_act", "\"" + activation + "\" is not supported, expected silu");
    }
    if (config.bool("mlp_bias").orElse(false)) {
      throw config.problem("mlp_bias", "a bias in the feed-forward network is not supported");
    }
    if (config.value("quantization_config").isPresent()) {
      throw config.problem(
          "quantization_config",
          "quantized safetensors are not supported; use the model in bf16 or as GGUF");
    }
  }

  /** The value as a number; true is 1, false is 0. */
  private static @Nullable Double scalar(JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue() ? 1. : 0.;
    }
    return value.isNumber() ? Double.valueOf(value.doubleValue()) : null;
  }

  private int headSize(int hiddenSize, int attentionHeads) {
    if (attentionHeads <= 0) {
      throw config.problem("num_attention_heads", attentionHeads + ", expected a positive number");
    }
    int whenAbsent =
        family == ModelFamily.QWEN3 ? DEFAULT_QWEN3_HEAD_SIZE : hiddenSize / attentionHeads;
    int headSize = config.integer("head_dim").orElse(whenAbsent);
    if (headSize <= 0 || headSize > AttentionConfig.MAX_HEAD_SIZE) {
      throw config.problem(
          "head_dim", "%s, expected 1 to %s".formatted(headSize, AttentionConfig.MAX_HEAD_SIZE));
    }
    return headSize;
  }

  private Set<Integer> endOfSequenceTokens() {
    Set<Integer> tokens = new LinkedHashSet<>();
    addEndOfSequenceTokens(config, tokens);
    generationConfig.ifPresent(file -> addEndOfSequenceTokens(file, tokens));
    return tokens;
  }

  private static void addEndOfSequenceTokens(JsonFile file, Set<Integer> target) {
    String key = "eos_token_id";
    Optional<JsonNode> value = file.value(key);
    if (value.isPresent() && value.get().isArray()) {
      value.get().forEach(token -> target.add(file.toInt(key, token)));
    } else {
      file.integer(key).ifPresent(target::add);
    }
  }
}
