package io.nightshift.runtime.sampling;

import java.util.Arrays;

/**
 * The distribution that a token is drawn from: logits at a temperature, truncated by top-k, then
 * top-p, then min-p, as by Hugging Face's logits processors. Each truncation applies to the
 * renormalized result of the previous one. Min-p compares with the most probable token, which none
 * of them removes.
 *
 * <p>The object is reused, so that a draw allocates nothing. Not thread-safe.
 */
final class TokenDistribution {

  private final long[] keys;
  private final double[] weights;
  private final int[] tokens;
  private int size;
  private double total;

  TokenDistribution(int vocabularySize) {
    keys = new long[vocabularySize];
    weights = new double[vocabularySize];
    tokens = new int[vocabularySize];
  }

  /**
   * Sets the distribution to that of {@code logits[0 .. count)}.
   *
   * @throws LogitsException if the largest logit is not finite
   */
  void fill(float[] logits, int count, SamplingParameters parameters) {
    float max = LogProbabilities.finiteMax(logits, count);
    boolean truncated = parameters.topK() > 0 && parameters.topK() < count || parameters.topP() < 1;
    long lastKey = Long.MAX_VALUE;
    if (truncated) {
      lastKey = select(logits, count, max, parameters);
    }
    size = 0;
    total = 0;
    for (int token = 0; token < count; token++) {
      if (!truncated || TokenSelection.key(logits[token], token) <= lastKey) {
        double weight = Math.exp((logits[token] - max) / parameters.temperature());
        if (weight > 0 && weight >= parameters.minP()) {
          tokens[size] = token;
          weights[size++] = weight;
          total += weight;
        }
      }
    }
  }

  /** The key of the least probable token that top-k and top-p leave. */
  private long select(float[] logits, int count, float max, SamplingParameters parameters) {
    for (int token = 0; token < count; token++) {
      keys[token] = TokenSelection.key(logits[token], token);
    }
    int remaining = count;
    if (parameters.topK() > 0 && parameters.topK() < count) {
      remaining = TokenSelection.select(keys, count, key -> 1, parameters.topK());
    }
    if (parameters.topP() < 1) {
      double sum = 0;
      for (int i = 0; i < remaining; i++) {
        int token = TokenSelection.token(keys[i]);
        weights[token] = Math.exp((logits[token] - max) / parameters.temperature());
        sum += weights[token];
      }
      remaining =
          TokenSelection.select(
              keys, remaining, key -> weights[TokenSelection.token(key)], parameters.topP() * sum);
    }
    return Arrays.stream(keys, 0, remaining).max().orElseThrow();
  }

  /**
   * The token whose interval of the cumulative distribution contains {@code uniform}, a number from
   * 0 to 1. Tokens are ordered by id.
   */
  int draw(double uniform) {
    double left = uniform * total;
    for (int i = 0; i < size - 1; i++) {
      left -= weights[i];
      if (left < 0) {
        return tokens[i];
      }
    }
    return tokens[size - 1];
  }

  /** The probability of each token of a vocabulary of {@code count} tokens. */
  double[] probabilities(int count) {
    double[] probabilities = new double[count];
    for (int i = 0; i < size; i++) {
      probabilities[tokens[i]] = weights[i] / total;
    }
    return probabilities;
  }
}
