package io.nightshift.runtime.model.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Values that families have in common, from {@code config.json}. Defaults are those of the
 * configuration classes of Hugging Face transformers.
 */
final class ConfigValues {
  private static final double DEFAULT_NORM_EPSILON = 1e-6;
  private static final Map<String, Activation> ACTIVATIONS =
      Map.of("silu", Activation.SILU, "gelu_pytorch_tanh", Activation.GELU_TANH);

  private final JsonFile config;
  private final List<JsonFile> generation;

  /**
   * @param config the description of the model, {@code config.json} or a part of it
   * @param generation all objects that may name end-of-sequence tokens
   */
  ConfigValues(JsonFile config, List<JsonFile> generation) {
    this.config = config;
    this.generation = generation;
  }

  JsonFile json() {
    return config;
  }

  /** Number of layers, not more than are accepted. */
  int layerCount() {
    String key = "num_hidden_layers";
    int layers = config.positiveInteger(key);
    if (layers > ModelConfig.MAX_LAYERS) {
      throw config.problem(
          key, "%s, expected at most %s".formatted(layers, ModelConfig.MAX_LAYERS));
    }
    return layers;
  }

  /** The layers from 0 on. */
  List<LayerConfig> layers(IntFunction<LayerConfig> layer) {
    return IntStream.range(0, layerCount()).mapToObj(layer).toList();
  }

  int integer(String key, int whenAbsent) {
    return config.integer(key).orElse(whenAbsent);
  }

  /** Whether a key is true; absent keys are false. */
  boolean flag(String key) {
    return config.bool(key).orElse(false);
  }

  /** A factor of 1 if it is absent. */
  float multiplier(String key) {
    float factor = config.number(key).orElse(1.).floatValue();
    if (!(factor > 0)) {
      throw config.problem(key, factor + ", expected a positive number");
    }
    return factor;
  }

  /** A number that is not negative. */
  float notNegative(String key, double whenAbsent) {
    float value = config.number(key).orElse(whenAbsent).floatValue();
    if (!(value >= 0)) {
      throw config.problem(key, value + ", expected a positive number, or 0");
    }
    return value;
  }

  /** The number of experts that a token passes. */
  int expertsPerToken(String key, int experts) {
    int each = config.positiveInteger(key);
    if (each > experts) {
      throw config.problem(key, "%s, but there are %s experts".formatted(each, experts));
    }
    return each;
  }

  /** Plain attention of heads that share the hidden size, unless {@code head_dim} says a size. */
  AttentionConfig attention() {
    int heads = config.positiveInteger("num_attention_heads");
    int headSize = integer("head_dim", config.positiveInteger("hidden_size") / heads);
    if (headSize <= 0 || headSize > AttentionConfig.MAX_HEAD_SIZE || headSize % 2 != 0) {
      throw config.problem(
          "head_dim",
          "%s, expected an even number from 2 to %s"
              .formatted(headSize, AttentionConfig.MAX_HEAD_SIZE));
    }
    String key = "num_key_value_heads";
    int keyValueHeads = integer(key, heads);
    if (keyValueHeads <= 0 || heads % keyValueHeads != 0) {
      throw config.problem(
          key, "%s, expected a divisor of %s attention heads".formatted(keyValueHeads, heads));
    }
    return AttentionConfig.plain(heads, keyValueHeads, headSize);
  }

  /**
   * The activation of the feed-forward network.
   *
   * @param whenAbsent name of the activation if the key is absent
   * @throws ModelFormatException if it is another than the family's
   */
  Activation activation(String key, String whenAbsent) {
    String name = config.string(key).orElse(whenAbsent);
    Activation activation = ACTIVATIONS.get(name);
    if (activation == null || !name.equals(whenAbsent)) {
      throw config.problem(key, "\"" + name + "\" is not supported, expected " + whenAbsent);
    }
    return activation;
  }

  /** A gated MLP whose width and activation the usual keys say. */
  FeedForwardConfig gatedMlp() {
    return new GatedMlpConfig(
        config.positiveInteger("intermediate_size"), activation("hidden_act", "silu"));
  }

  /** The rotary embedding of all elements of a head, for all layers. */
  RopeConfig rope(int headSize) {
    return RopeParameters.of(config).read(headSize);
  }

  /** The model of the given parts, with the sizes that the file says. */
  ModelConfig model(ModelFamily family, AttentionConfig attention, List<LayerConfig> layers) {
    return model(family, attention, layers, Multipliers.NONE);
  }

  ModelConfig model(
      ModelFamily family,
      AttentionConfig attention,
      List<LayerConfig> layers,
      Multipliers multipliers) {
    return new ModelConfig(
        family,
        config.positiveInteger("hidden_size"),
        config.positiveInteger("vocab_size"),
        RopeParameters.of(config).maxPositions(config.positiveInteger("max_position_embeddings")),
        attention.withQueryKeyNorm(family.queryKeyNorm()),
        layers,
        family.normPlacement(),
        notNegative("rms_norm_eps", DEFAULT_NORM_EPSILON),
        multipliers,
        flag("tie_word_embeddings"),
        endOfSequenceTokens());
  }

  private Set<Integer> endOfSequenceTokens() {
    Set<Integer> tokens = new LinkedHashSet<>();
    generation.forEach(file -> addEndOfSequenceTokens(file, tokens));
    return tokens;
  }

  private void addEndOfSequenceTokens(JsonFile file, Set<Integer> target) {
    String key = "eos_token_id";
    JsonNode value = file.value(key).orElse(null);
    if (value != null && value.isArray()) {
      value.forEach(token -> target.add(inVocabulary(file, key, file.toInt(key, token))));
    } else {
      file.integer(key).ifPresent(token -> target.add(inVocabulary(file, key, token)));
    }
  }

  private int inVocabulary(JsonFile file, String key, int token) {
    int size = config.positiveInteger("vocab_size");
    if (token < 0 || token >= size) {
      throw file.problem(key, "%s is not in the vocabulary of %s".formatted(token, size));
    }
    return token;
  }
}
