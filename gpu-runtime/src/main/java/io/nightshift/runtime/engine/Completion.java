package io.nightshift.runtime.engine;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param id the request's
 * @param text the answer without stop string and end-of-sequence token; the winning choice where
 *     there were choices; empty after an error
 * @param outputTokens token ids generated, an end-of-sequence token included; empty where there
 *     were choices
 * @param logprobs natural logarithm of the probability of each output token before penalty,
 *     temperature and truncation; empty unless asked for
 * @param choiceProbabilities in the order of the request's choices, summing to 1; empty without
 *     choices
 * @param finishReason why it ended
 * @param promptTokens length of the prompt
 * @param cachedTokens prompt tokens whose keys and values were found in the prefix cache
 * @param error what went wrong, exactly where the finish reason is {@link FinishReason#ERROR}
 * @param errorMessage says it with numbers and a remedy; null without an error
 */
public record Completion(
    long id,
    String text,
    int[] outputTokens,
    float[] logprobs,
    double[] choiceProbabilities,
    FinishReason finishReason,
    int promptTokens,
    int cachedTokens,
    @Nullable RequestError error,
    @Nullable String errorMessage) {

  private static final int[] NO_TOKENS = {};
  private static final float[] NO_LOGPROBS = {};
  private static final double[] NO_PROBABILITIES = {};

  /** A generated answer. */
  static Completion generated(
      long id,
      String text,
      int[] outputTokens,
      float[] logprobs,
      FinishReason finishReason,
      int promptTokens,
      int cachedTokens) {
    return new Completion(
        id,
        text,
        outputTokens,
        logprobs,
        NO_PROBABILITIES,
        finishReason,
        promptTokens,
        cachedTokens,
        null,
        null);
  }

  /** A chosen answer. */
  static Completion chosen(
      long id, String text, double[] choiceProbabilities, int promptTokens, int cachedTokens) {
    return new Completion(
        id,
        text,
        NO_TOKENS,
        NO_LOGPROBS,
        choiceProbabilities,
        FinishReason.CHOICE,
        promptTokens,
        cachedTokens,
        null,
        null);
  }

  /** No answer. */
  static Completion failed(Request request, int cachedTokens, RequestError error, String message) {
    return new Completion(
        request.id(),
        "",
        NO_TOKENS,
        NO_LOGPROBS,
        NO_PROBABILITIES,
        FinishReason.ERROR,
        request.promptTokens().length,
        cachedTokens,
        error,
        message);
  }
}
