package io.nightshift.runtime.sampling;

/** Log probabilities of a distribution given by logits. */
public final class LogProbabilities {

  private LogProbabilities() {}

  /**
   * The logarithm of the sum of {@code exp(logits[0 .. count))}. A logit minus this is its log
   * probability.
   *
   * @throws LogitsException if the largest logit is not finite
   */
  public static double logSumExp(float[] logits, int count) {
    float max = finiteMax(logits, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp(logits[i] - max);
    }
    return max + Math.log(sum);
  }

  /**
   * The largest of {@code logits[0 .. count)}.
   *
   * @throws LogitsException if it is not finite, or a logit is NaN
   */
  public static float finiteMax(float[] logits, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, logits[i]);
    }
    if (!Float.isFinite(max)) {
      throw new LogitsException("the largest of " + count + " logits is " + max);
    }
    return max;
  }
}
