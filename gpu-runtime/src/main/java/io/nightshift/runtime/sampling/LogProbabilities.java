package io.nightshift.runtime.sampling;

/** Log probabilities of a distribution given by logits. */
public final class LogProbabilities {

  private LogProbabilities() {}

  /**
   * The logarithm of the sum of {@code exp(logits[0 .. count))}, the normaliser that turns a logit
   * into a log probability.
   *
   * @throws LogitsException if there is no finite largest logit
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
   * @throws LogitsException if it is not finite, or one of them is not a number
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
