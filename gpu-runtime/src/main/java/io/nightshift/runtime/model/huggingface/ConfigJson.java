package io.nightshift.runtime.model.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a {@link ModelConfig} from {@code config.json} and {@code generation_config.json}. Where
 * both are silent, the defaults are those of transformers' configuration classes.
 */
final class ConfigJson {
  private static final double DEFAULT_NORM_EPSILON = 1e-6;
  private static final int DEFAULT_QWEN3_HEAD_SIZE = 128;
  private static final int DEFAULT_SLIDING_WINDOW = 4096;
  private static final int DEFAULT_FULL_ATTENTION_LAYERS = 28;
  private static final TreeMap<String, ModelFamily> FAMILIES =
      new TreeMap<>(
          Map.of(
              "llama", ModelFamily.LLAMA,
              "mistral", ModelFamily.MISTRAL,
              "qwen2", ModelFamily.QWEN2,
              "qwen3", ModelFamily.QWEN3));

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
   * @throws ModelFormatException if a value is missing or contradicts others, or the model needs
   *     something that {@link ModelConfig} cannot express
   */
  ModelConfig read() {
    refuseUnsupported();
    int layers = config.requiredInteger("num_hidden_layers");
    int hiddenSize = config.requiredInteger("hidden_size");
    int attentionHeads = config.requiredInteger("num_attention_heads");
    int headSize = headSize(hiddenSize, attentionHeads);
    boolean attentionBias = config.bool("attention_bias").orElse(false);
    try {
      return new ModelConfig(
          family,
          layers,
          hiddenSize,
          attentionHeads,
          config.integer("num_key_value_heads").orElse(attentionHeads),
          headSize,
          config.requiredInteger("intermediate_size"),
          config.requiredInteger("vocab_size"),
          config.requiredInteger("max_position_embeddings"),
          config.number("rms_norm_eps").orElse(DEFAULT_NORM_EPSILON).floatValue(),
          new RopeParameters(config).read(headSize),
          config.bool("tie_word_embeddings").orElse(false),
          switch (family) {
            case LLAMA, QWEN3 -> attentionBias;
            case QWEN2 -> true;
            case MISTRAL -> false;
          },
          switch (family) {
            case LLAMA, QWEN3 -> attentionBias;
            case QWEN2, MISTRAL -> false;
          },
          family == ModelFamily.QWEN3,
          slidingWindow(layers),
          endOfSequenceTokens());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.path() + ": " + e.getMessage(), e);
    }
  }

  private void refuseUnsupported() {
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
          "quantised safetensors are not supported; take the model in bf16, or as GGUF");
    }
  }

  private int headSize(int hiddenSize, int attentionHeads) {
    if (attentionHeads <= 0) {
      throw config.problem("num_attention_heads", attentionHeads + ", expected a positive number");
    }
    int whenAbsent =
        family == ModelFamily.QWEN3 ? DEFAULT_QWEN3_HEAD_SIZE : hiddenSize / attentionHeads;
    int headSize = config.integer("head_dim").orElse(whenAbsent);
    if (headSize <= 0 || headSize > ModelConfig.MAX_HEAD_SIZE) {
      throw config.problem(
          "head_dim", "%s, expected 1 to %s".formatted(headSize, ModelConfig.MAX_HEAD_SIZE));
    }
    return headSize;
  }

  /** The window of all layers, 0 for none. */
  private int slidingWindow(int layers) {
    return switch (family) {
      case LLAMA -> 0;
      case MISTRAL -> windowSize();
      case QWEN2, QWEN3 -> usesSlidingWindow(layers) ? windowSize() : 0;
    };
  }

  /** Null says that there is no window; a missing key means transformers' default. */
  private int windowSize() {
    return config
        .integer("sliding_window")
        .orElse(config.contains("sliding_window") ? 0 : DEFAULT_SLIDING_WINDOW);
  }

  /** Whether all layers of a Qwen model slide; that only some do cannot be expressed. */
  private boolean usesSlidingWindow(int layers) {
    if (!config.bool("use_sliding_window").orElse(false)) {
      return false;
    }
    String key = "layer_types";
    Optional<JsonNode> layerTypes = config.value(key);
    if (layerTypes.isEmpty()) {
      key = "max_window_layers";
    }
    int slidingLayers =
        layerTypes.isPresent()
            ? countSliding(layerTypes.get())
            : layers - config.integer(key).orElse(DEFAULT_FULL_ATTENTION_LAYERS);
    if (slidingLayers > 0 && slidingLayers < layers) {
      throw config.problem(
          key,
          "%s of %s layers have a sliding window; expected all or none"
              .formatted(slidingLayers, layers));
    }
    return slidingLayers > 0;
  }

  private static int countSliding(JsonNode layerTypes) {
    int sliding = 0;
    for (JsonNode layerType : layerTypes) {
      sliding += layerType.asText().equals("sliding_attention") ? 1 : 0;
    }
    return sliding;
  }

  private Set<Integer> endOfSequenceTokens() {
    Set<Integer> tokens = new HashSet<>();
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
