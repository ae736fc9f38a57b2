package io.nightshift.runtime.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * YaRN (Peng et al., "YaRN: Efficient context window extension of large language models", 2023), as
 * in Hugging Face transformers 5: frequencies of fewer than {@code betaSlow} periods in the
 * original context are divided by {@code factor}, those of more than {@code betaFast} stay, and
 * those between are interpolated. Cosines and sines are multiplied by the attention factor.
 *
 * @param truncate whether the bounds of the interpolation are rounded to whole pairs
 */
public record YarnScaling(
    double factor,
    double betaFast,
    double betaSlow,
    double attentionFactor,
    boolean truncate,
    int originalContext) {

  /** Prevents a division by 0, as in transformers. */
  private static final double NARROWEST_RAMP = 0.001;

  /** The paper's attention factor for a factor of the context, with a weight of its logarithm. */
  public static double magnitude(double factor, double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
  }

  /** The same rotary embedding with scaled frequencies. */
  public RopeConfig apply(RopeConfig unscaled) {
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

  /** The pair of elements, a fraction, that rotates so many times in the original context. */
  private double pairWithPeriods(
      double periods, RopeConfig rope, DoubleUnaryOperator roundingToPairs) {
    double pair =
        rope.dimensions()
            * Math.log(originalContext / (periods * 2 * Math.PI))
            / (2 * Math.log(rope.theta()));
    return truncate ? roundingToPairs.applyAsDouble(pair) : pair;
  }

  /** The context that the frequencies are scaled to, or {@code atLeast} if that is more. */
  public int maxPositions(int atLeast) {
    return (int) Math.max(atLeast, Math.min(Integer.MAX_VALUE, factor * originalContext));
  }
}
