package io.nightshift.runtime.model.huggingface;

import io.nightshift.runtime.model.RopeConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads rotary embedding parameters from {@code config.json}: {@code rope_theta} and {@code
 * rope_scaling} of Hugging Face transformers before version 5, or {@code rope_parameters} of
 * version 5, which contains both.
 */
final class RopeParameters {
  private static final double DEFAULT_THETA = 10_000;

  /** Keys of all types of scaling. The last two have no effect on the supported ones. */
  private static final Set<String> COMMON_KEYS =
      Set.of(
          "type",
          "rope_type",
          "rope_theta",
          "partial_rotary_factor",
          "original_max_position_embeddings",
          "finetuned");

  /** Further keys by type of scaling. */
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "default", Set.of(),
          "linear", Set.of("factor"),
          "llama3", Set.of("factor", "low_freq_factor", "high_freq_factor"));

  private final JsonFile config;
  private final Optional<JsonFile> scaling;

  RopeParameters(JsonFile config) {
    this.config = config;
    this.scaling = config.child("rope_scaling").or(() -> config.child("rope_parameters"));
  }

  RopeConfig read(int headSize) {
    float theta =
        scaling
            .flatMap(parameters -> parameters.number("rope_theta"))
            .or(() -> config.number("rope_theta"))
            .orElse(DEFAULT_THETA)
            .floatValue();
    refusePartialRotation(config);
    scaling.ifPresent(RopeParameters::refusePartialRotation);
    if (scaling.isEmpty()) {
      return RopeConfig.unscaled(theta, headSize);
    }
    JsonFile parameters = scaling.get();
    String key = parameters.value("type").isPresent() ? "type" : "rope_type";
    key = parameters.value("rope_type").isPresent() ? "rope_type" : key;
    String type = parameters.string(key).orElse("default");
    Set<String> read = KEYS.get(type);
    if (read == null) {
      throw parameters.problem(
          key, "\"" + type + "\" is not supported, expected default, linear or llama3");
    }
    requireOnly(parameters, type, read);
    return switch (type) {
      case "linear" ->
          RopeConfig.scaled(
              theta,
              headSize,
              Collections.nCopies(headSize / 2, (float) positive(parameters, "factor")));
      case "llama3" ->
          RopeConfig.scaled(theta, headSize, llama3Factors(parameters, theta, headSize));
      default -> RopeConfig.unscaled(theta, headSize);
    };
  }

  /** Rejects other keys: they belong to another type of scaling or apply to some layers only. */
  private static void requireOnly(JsonFile parameters, String type, Set<String> read) {
    for (String key : parameters.keys()) {
      if (parameters.value(key).isPresent() && !COMMON_KEYS.contains(key) && !read.contains(key)) {
        throw parameters.problem(
            key, "is not known for rope_type \"%s\"; it may change the model".formatted(type));
      }
    }
  }

  /**
   * Llama 3.1's scaling, as in Hugging Face transformers: long wavelengths are multiplied by {@code
   * factor}, short ones stay, and those between {@code original_max_position_embeddings /
   * high_freq_factor} and {@code original_max_position_embeddings / low_freq_factor} are
   * interpolated.
   */
  private List<Float> llama3Factors(JsonFile parameters, float theta, int headSize) {
    double factor = positive(parameters, "factor");
    double low = positive(parameters, "low_freq_factor");
    double high = positive(parameters, "high_freq_factor");
    if (high <= low) {
      throw parameters.problem(
          "high_freq_factor", high + ", expected more than low_freq_factor, " + low);
    }
    String contextKey = "original_max_position_embeddings";
    double originalContext =
        parameters.value(contextKey).isPresent()
            ? positive(parameters, contextKey)
            : config.requiredInteger("max_position_embeddings");
    List<Float> factors = new ArrayList<>();
    for (float frequency : RopeConfig.unscaled(theta, headSize).inverseFrequencies()) {
      double periods = originalContext * frequency / (2 * Math.PI);
      double unscaled = Math.min(1, Math.max(0, (periods - low) / (high - low)));
      factors.add((float) (1 / ((1 - unscaled) / factor + unscaled)));
    }
    return factors;
  }

  private static void refusePartialRotation(JsonFile parameters) {
    String key = "partial_rotary_factor";
    double factor = parameters.number(key).orElse(1.0);
    if (factor != 1) {
      throw parameters.problem(key, factor + " is not supported, expected 1: whole heads rotate");
    }
  }

  private static double positive(JsonFile parameters, String key) {
    double value = parameters.requiredNumber(key);
    if (!(value > 0)) {
      throw parameters.problem(key, value + ", expected a positive number");
    }
    return value;
  }
}
