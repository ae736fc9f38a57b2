package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.YarnScaling;
import io.nightshift.runtime.model.huggingface.json.JsonFile;

/** Reads YaRN's parameters from {@code config.json}; the defaults are those of transformers. */
final class YarnParameters {
  private YarnParameters() {}

  /**
   * @throws ModelFormatException if a parameter is missing or out of range
   */
  static YarnScaling of(JsonFile parameters, int originalContext) {
    double factor = RopeParameters.positive(parameters, "factor");
    return new YarnScaling(
        factor,
        positiveOr(parameters, "beta_fast", 32),
        positiveOr(parameters, "beta_slow", 1),
        attentionFactor(parameters, factor),
        parameters.bool("truncate").orElse(true),
        originalContext);
  }

  private static double attentionFactor(JsonFile parameters, double factor) {
    if (parameters.value("attention_factor").isPresent()) {
      return RopeParameters.positive(parameters, "attention_factor");
    }
    double numerator = parameters.number("mscale").orElse(0.);
    double denominator = parameters.number("mscale_all_dim").orElse(0.);
    return numerator != 0 && denominator != 0
        ? YarnScaling.magnitude(factor, numerator) / YarnScaling.magnitude(factor, denominator)
        : YarnScaling.magnitude(factor, 1);
  }

  /** 0 counts as absent, as in transformers. */
  private static double positiveOr(JsonFile parameters, String key, double whenAbsent) {
    double value = parameters.number(key).orElse(0.);
    return value == 0 ? whenAbsent : RopeParameters.positive(parameters, key);
  }
}
