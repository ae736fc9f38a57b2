package io.nightshift.runtime.engine;

import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.TopLogprobs;
import java.util.Arrays;

/** The log probabilities of an answer's tokens while it grows. */
final class OutputLogprobs {
  private static final int NO_TOKEN = -1;

  private final boolean wanted;
  private final int alternatives;
  private int length;
  private float[] logprobs = {};
  private int[] topTokens = {};
  private float[] topLogprobs = {};

  /**
   * @param wanted whether log probabilities are kept at all
   * @param alternatives number of the most probable tokens at each position
   */
  OutputLogprobs(boolean wanted, int alternatives) {
    this.wanted = wanted;
    this.alternatives = alternatives;
  }

  /** Adds a token that was sampled. */
  void add(SampledToken token) {
    if (wanted) {
      reserve();
      logprobs[length] = token.logprob();
      System.arraycopy(token.top().tokens(), 0, topTokens, length * alternatives, alternatives);
      System.arraycopy(token.top().logprobs(), 0, topLogprobs, length * alternatives, alternatives);
      length++;
    }
  }

  /** Adds a token that was not sampled, and has no probability. */
  void addForced() {
    if (wanted) {
      reserve();
      int first = length * alternatives;
      logprobs[length++] = Float.NaN;
      Arrays.fill(topTokens, first, first + alternatives, NO_TOKEN);
      Arrays.fill(topLogprobs, first, first + alternatives, Float.NaN);
    }
  }

  private void reserve() {
    if (length == logprobs.length) {
      int capacity = Math.max(16, 2 * length);
      logprobs = Arrays.copyOf(logprobs, capacity);
      topTokens = Arrays.copyOf(topTokens, capacity * alternatives);
      topLogprobs = Arrays.copyOf(topLogprobs, capacity * alternatives);
    }
  }

  /** Of each token; empty if they are not wanted. */
  float[] logprobs() {
    return Arrays.copyOf(logprobs, length);
  }

  /** The most probable tokens at the position of each token. */
  TopLogprobs top() {
    return new TopLogprobs(
        Arrays.copyOf(topTokens, length * alternatives),
        Arrays.copyOf(topLogprobs, length * alternatives));
  }
}
