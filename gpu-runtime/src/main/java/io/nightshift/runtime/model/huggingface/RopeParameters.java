package io.nightshift.runtime.model.huggingface;

import io.nightshift.runtime.model.RopeConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads rotary embedding parameters from {@code config.json}: {@code rope_theta} and {@code
 * rope_scaling} as all versions of transformers before 5 wrote them, or {@code rope_parameters}
 * with both in one object as version 5 does.
 */
final class RopeParameters {
  private static final double DEFAULT_THETA = 10_000;

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
      return RopeConfig.unscaled(theta);
    }
    JsonFile parameters = scaling.get();
    String key = parameters.value("rope_type").isPresent() ? "rope_type" : "type";
    String type = parameters.string(key).orElse("default");
    return switch (type) {
      case "default" -> RopeConfig.unscaled(theta);
      case "linear" ->
          new RopeConfig(
              theta, Collections.nCopies(headSize / 2, (float) positive(parameters, "factor")));
      case "llama3" -> new RopeConfig(theta, llama3Factors(parameters, theta, headSize));
      default ->
          throw parameters.problem(
              key, "\"" + type + "\" is not supported, expected default, linear or llama3");
    };
  }

  /**
   * Llama 3.1's scaling: long wave lengths are stretched by {@code factor}, short ones stay, those
   * between {@code original_max_position_embeddings / high_freq_factor} and {@code .. /
   * low_freq_factor} go over smoothly.
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
    for (float frequency : RopeConfig.unscaled(theta).inverseFrequencies(headSize)) {
      double periods = originalContext * frequency / (2 * Math.PI);
      double keep = Math.min(1, Math.max(0, (periods - low) / (high - low)));
      factors.add((float) (1 / ((1 - keep) / factor + keep)));
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
