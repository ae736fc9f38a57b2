package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * YaRN (Peng et al., "YaRN: Efficient context window extension of large language models", 2023), as
 * in Hugging Face transformers 5: frequencies of fewer than {@code betaSlow} periods in the
 * original context are divided by {@code factor}, those of more than {@code betaFast} stay, and
 * those between are interpolated. Cosines and sines are multiplied by the attention factor.
 *
 * @param truncate whether the bounds of the interpolation are rounded to whole pairs
 */
record YarnScaling(
    double factor,
    double betaFast,
    double betaSlow,
    double attentionFactor,
    boolean truncate,
    int originalContext) {

  /** Prevents a division by 0, as in transformers. */
  private static final double NARROWEST_RAMP = 0.001;

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
        ? magnitude(factor, numerator) / magnitude(factor, denominator)
        : magnitude(factor, 1);
  }

  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  /** 0 counts as absent, as in transformers. */
  private static double positiveOr(JsonFile parameters, String key, double whenAbsent) {
    double value = parameters.number(key).orElse(0.);
    return value == 0 ? whenAbsent : RopeParameters.positive(parameters, key);
  }

  RopeConfig apply(RopeConfig unscaled) {
    double first = Math.max(pairWithPeriods(betaFast, unscaled, Math::floor), 0);
    double last =
        Math.min(pairWithPeriods(betaSlow, unscaled, Math::ceil), unscaled.dimensions() - 1);
    double width = first == last ? NARROWEST_RAMP : last - first;
    List<Float> factors = new ArrayList<>();
    for (int pair = 0; pair < unscaled.dimensions() / 2; pair++) {
      double divided = Math.min(1, Math.max(0, (pair - first) / width));
      factors.add((float) (1 / (divided / factor + 1 - divided)));
    }
    return new RopeConfig(
        unscaled.theta(),
        unscaled.dimensions(),
        factors,
        (float) attentionFactor,
        Optional.empty());
  }

  private interface Rounding {
    double round(double value);
  }

  /** The pair of elements, a fraction, that rotates so many times in the original context. */
  private double pairWithPeriods(double periods, RopeConfig rope, Rounding rounding) {
    double pair =
        rope.dimensions()
            * Math.log(originalContext / (periods * 2 * Math.PI))
            / (2 * Math.log(rope.theta()));
    return truncate ? rounding.round(pair) : pair;
  }

  /** The context that the frequencies are scaled to, or {@code atLeast} if that is more. */
  int maxPositions(int atLeast) {
    return (int) Math.max(atLeast, Math.min(Integer.MAX_VALUE, factor * originalContext));
  }
}
