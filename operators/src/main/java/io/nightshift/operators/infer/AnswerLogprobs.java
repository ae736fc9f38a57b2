package io.nightshift.operators.infer;

import io.nightshift.runtime.sampling.TopLogprobs;

/**
 * The log probabilities of an answer's tokens.
 *
 * @param tokens output token ids
 * @param logprobs of each token; NaN if it was not sampled
 * @param top the most probable tokens at each position, {@code [tokens][count]}
 */
@SuppressWarnings("ArrayRecordComponent") // those of the completion
public record AnswerLogprobs(int[] tokens, float[] logprobs, TopLogprobs top) {

  /** Number of the most probable tokens at each position. */
  public int topCount() {
    return tokens.length == 0 ? 0 : top.tokens().length / tokens.length;
  }
}
