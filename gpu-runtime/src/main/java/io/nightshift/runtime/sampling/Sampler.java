package io.nightshift.runtime.sampling;

import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples a token from the logits of one row. It applies the mask of a constraint, repetition
 * penalty, temperature, top-k, top-p and min-p, in this order, and draws with the row's own random
 * number. At temperature 0, it chooses the most probable token after the penalty; of equally
 * probable ones, that with the lowest id.
 *
 * <p>The result is a function of the logits, the parameters, the tokens so far and the output
 * position. It does not depend on other rows or earlier calls. Not thread-safe.
 */
public final class Sampler {

  private final TokenDistribution distribution;
  private final float[] penalized;
  private final float[] masked;

  public Sampler(int vocabularySize) {
    distribution = new TokenDistribution(vocabularySize);
    penalized = new float[vocabularySize];
    masked = new float[(vocabularySize + Long.SIZE - 1) / Long.SIZE * Long.SIZE];
  }

  /** Samples any token that follows {@code context[0 .. contextLength)}. */
  public SampledToken sample(
      float[] logits,
      int count,
      SamplingParameters parameters,
      int[] context,
      int contextLength,
      int outputPosition) {
    return sample(logits, count, parameters, context, contextLength, outputPosition, null);
  }

  /**
   * Samples the token that follows {@code context[0 .. contextLength)}.
   *
   * @param logits logits of the whole vocabulary in the first {@code count} elements; not changed
   * @param context prompt and output tokens
   * @param outputPosition number of output tokens so far
   * @param mask the allowed tokens; null for all
   * @throws LogitsException if the largest logit is not finite, or that of the allowed tokens
   */
  public SampledToken sample(
      float[] logits,
      int count,
      SamplingParameters parameters,
      int[] context,
      int contextLength,
      int outputPosition,
      @Nullable TokenMask mask) {
    float[] adjusted = adjust(logits, count, parameters, context, contextLength);
    int token;
    if (parameters.temperature() == 0) {
      token = mostProbable(adjusted, count);
      if (mask != null && !mask.contains(token)) {
        token = mostProbable(allowed(adjusted, count, mask), count);
      }
    } else {
      if (mask != null) {
        LogProbabilities.finiteMax(logits, count); // Throws if the model has overflowed.
        adjusted = allowed(adjusted, count, mask);
      }
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

  /** The logits of the allowed tokens; minus infinity for the others. */
  private float[] allowed(float[] logits, int count, TokenMask mask) {
    Arrays.fill(masked, 0, count, Float.NEGATIVE_INFINITY);
    long[] words = mask.words();
    for (int first = 0; first < count; first += Long.SIZE) {
      int index = first / Long.SIZE;
      int end = Math.min(count, first + Long.SIZE);
      long allowed = index < words.length ? words[index] : 0;
      if (Long.bitCount(allowed) > Long.SIZE / 2) {
        System.arraycopy(logits, first, masked, first, end - first);
        for (long left = ~allowed; left != 0; left &= left - 1) {
          masked[first + Long.numberOfTrailingZeros(left)] = Float.NEGATIVE_INFINITY;
        }
      } else {
        for (long left = allowed; left != 0; left &= left - 1) {
          int token = first + Long.numberOfTrailingZeros(left);
          if (token < count) {
            masked[token] = logits[token];
          }
        }
      }
    }
    return masked;
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
