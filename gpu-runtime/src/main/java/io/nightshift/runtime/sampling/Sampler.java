package io.nightshift.runtime.sampling;

/**
 * Samples a token from the logits of one row. It applies repetition penalty, temperature, top-k,
 * top-p and min-p, in this order, and draws with the row's own random number. At temperature 0, it
 * chooses the most probable token after the penalty; of equally probable ones, that with the lowest
 * id.
 *
 * <p>The result is a function of the logits, the parameters, the tokens so far and the output
 * position. It does not depend on other rows or earlier calls. Not thread-safe.
 */
public final class Sampler {

  private final TokenDistribution distribution;
  private final float[] penalized;

  public Sampler(int vocabularySize) {
    distribution = new TokenDistribution(vocabularySize);
    penalized = new float[vocabularySize];
  }

  /**
   * Samples the token that follows {@code context[0 .. contextLength)}.
   *
   * @param logits logits of the whole vocabulary in the first {@code count} elements; not changed
   * @param context prompt and output tokens
   * @param outputPosition number of output tokens so far
   * @throws LogitsException if the largest logit is not finite
   */
  public SampledToken sample(
      float[] logits,
      int count,
      SamplingParameters parameters,
      int[] context,
      int contextLength,
      int outputPosition) {
    float[] adjusted = adjust(logits, count, parameters, context, contextLength);
    int token;
    if (parameters.temperature() == 0) {
      token = mostProbable(adjusted, count);
    } else {
      distribution.fill(adjusted, count, parameters);
      token = distribution.draw(CounterRandom.uniform(parameters.seed(), outputPosition));
    }
    if (!parameters.logprobs()) {
      return new SampledToken(token, Float.NaN, TopLogprobs.NONE);
    }
    double logSumExp = LogProbabilities.logSumExp(logits, count);
    return new SampledToken(
        token,
        (float) (logits[token] - logSumExp),
        TopLogprobs.of(logits, count, parameters.topLogprobs(), logSumExp));
  }

  /** The logits after the repetition penalty; {@code logits} itself if there is no penalty. */
  float[] adjust(
      float[] logits, int count, SamplingParameters parameters, int[] context, int contextLength) {
    double penalty = parameters.repetitionPenalty();
    if (penalty == 1) {
      return logits;
    }
    System.arraycopy(logits, 0, penalized, 0, count);
    for (int i = 0; i < contextLength; i++) {
      int token = context[i];
      float logit = logits[token];
      penalized[token] = (float) (logit > 0 ? logit / penalty : logit * penalty);
    }
    return penalized;
  }

  private static int mostProbable(float[] logits, int count) {
    float max = LogProbabilities.finiteMax(logits, count);
    int token = 0;
    while (logits[token] != max) {
      token++;
    }
    return token;
  }
}
