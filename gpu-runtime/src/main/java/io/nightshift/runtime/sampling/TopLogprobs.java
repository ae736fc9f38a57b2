package io.nightshift.runtime.sampling;

import java.util.Arrays;

/**
 * The most probable tokens at one or several output positions, with their log probabilities in the
 * model's unmodified distribution. At each position, in descending order of probability; those of
 * equal probability in ascending order of their ids.
 *
 * @param tokens token ids, {@code [positions][count]}; -1 where a position has none
 * @param logprobs natural logarithms, {@code [positions][count]}
 */
public record TopLogprobs(int[] tokens, float[] logprobs) {

  /** No tokens. */
  public static final TopLogprobs NONE = new TopLogprobs(new int[0], new float[0]);

  /**
   * Finds the most probable tokens at one position.
   *
   * @param logits logits of the whole vocabulary in the first {@code vocabulary} elements
   * @param count number of tokens to find; fewer if the vocabulary has fewer
   * @param logSumExp log-sum-exp of the logits
   */
  static TopLogprobs of(float[] logits, int vocabulary, int count, double logSumExp) {
    long[] best = new long[Math.min(count, vocabulary)];
    if (best.length == 0) {
      return NONE;
    }
    Arrays.fill(best, Long.MAX_VALUE);
    for (int token = 0; token < vocabulary; token++) {
      long key = TokenSelection.key(logits[token], token);
      int place = best.length;
      while (place > 0 && key < best[place - 1]) {
        place--;
      }
      if (place < best.length) {
        System.arraycopy(best, place, best, place + 1, best.length - place - 1);
        best[place] = key;
      }
    }
    int[] tokens = Arrays.stream(best).mapToInt(TokenSelection::token).toArray();
    float[] logprobs = new float[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      logprobs[i] = (float) (logits[tokens[i]] - logSumExp);
    }
    return new TopLogprobs(tokens, logprobs);
  }
}
