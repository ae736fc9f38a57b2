package io.nightshift.runtime.sampling;

import java.util.Arrays;

/**
 * The distribution that a token is drawn from: logits at a temperature, cut by top-k, then top-p,
 * then min-p, in the order and with the meaning of Hugging Face's logits processors. Each cut works
 * on the renormalised result of the one before it; min-p compares with the most probable token,
 * which no cut removes.
 *
 * <p>One object is filled again and again, so that a draw allocates nothing. Not thread-safe.
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
   * Makes this the distribution of {@code logits[0 .. count)}.
   *
   * @throws LogitsException if there is no finite largest logit
   */
  void fill(float[] logits, int count, SamplingParameters parameters) {
    float max = LogProbabilities.finiteMax(logits, count);
    boolean cut = parameters.topK() > 0 && parameters.topK() < count || parameters.topP() < 1;
    // Tokens up to this key are kept.
    long border = Long.MAX_VALUE;
    if (cut) {
      border = select(logits, count, max, parameters);
    }
    size = 0;
    total = 0;
    for (int token = 0; token < count; token++) {
      if (!cut || TokenSelection.key(logits[token], token) <= border) {
        double weight = Math.exp((logits[token] - max) / parameters.temperature());
        if (weight > 0 && weight >= parameters.minP()) {
          tokens[size] = token;
          weights[size++] = weight;
          total += weight;
        }
      }
    }
  }

  /** The key of the least probable token that top-k and top-p keep. */
  private long select(float[] logits, int count, float max, SamplingParameters parameters) {
    for (int token = 0; token < count; token++) {
      keys[token] = TokenSelection.key(logits[token], token);
    }
    int kept = count;
    if (parameters.topK() > 0 && parameters.topK() < count) {
      kept = TokenSelection.select(keys, count, key -> 1, parameters.topK());
    }
    if (parameters.topP() < 1) {
      double sum = 0;
      for (int i = 0; i < kept; i++) {
        int token = TokenSelection.token(keys[i]);
        weights[token] = Math.exp((logits[token] - max) / parameters.temperature());
        sum += weights[token];
      }
      kept =
          TokenSelection.select(
              keys, kept, key -> weights[TokenSelection.token(key)], parameters.topP() * sum);
    }
    return Arrays.stream(keys, 0, kept).max().orElseThrow();
  }

  /**
   * The token at {@code uniform}, a number from 0 to 1, of the cumulated probabilities, tokens in
   * the order of their ids.
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

  /** The probability of every token of a vocabulary of {@code count}. */
  double[] probabilities(int count) {
    double[] probabilities = new double[count];
    for (int i = 0; i < size; i++) {
      probabilities[tokens[i]] = weights[i] / total;
    }
    return probabilities;
  }
}
