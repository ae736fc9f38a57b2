package io.nightshift.runtime.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param id id of the request
 * @param text the answer without stop string and end-of-sequence token; the most probable choice if
 *     there were choices; empty after an error
 * @param outputTokens generated token ids, including an end-of-sequence token; empty if there were
 *     choices
 * @param logprobs natural logarithm of the probability of each output token before penalty,
 *     temperature and truncation; empty unless requested
 * @param choiceProbabilities probabilities in the order of the choices of the request, with a sum
 *     of 1; empty without choices
 * @param fieldProbabilities for each value that a JSON schema enumerates and the answer has, the
 *     probability of the chosen one among the allowed ones, by its JSON pointer; empty unless
 *     requested
 * @param finishReason why the answer ended
 * @param promptTokens number of prompt tokens
 * @param cachedTokens number of prompt tokens whose keys and values were found in the prefix cache
 * @param error the error if the finish reason is {@link FinishReason#ERROR}; null otherwise
 * @param errorMessage description of the error with numbers and a remedy; null without an error
 */
public record Completion(
    long id,
    String text,
    int[] outputTokens,
    float[] logprobs,
    double[] choiceProbabilities,
    Map<String, Double> fieldProbabilities,
    FinishReason finishReason,
    int promptTokens,
    int cachedTokens,
    @Nullable RequestError error,
    @Nullable String errorMessage) {

  private static final int[] NO_TOKENS = {};
  private static final float[] NO_LOGPROBS = {};
  private static final double[] NO_PROBABILITIES = {};

  /** Creates the completion of a generated answer. */
  static Completion generated(
      Request request,
      String text,
      int[] outputTokens,
      float[] logprobs,
      Map<String, Double> fieldProbabilities,
      FinishReason finishReason,
      int cachedTokens) {
    return new Completion(
        request.id(),
        text,
        outputTokens,
        logprobs,
        NO_PROBABILITIES,
        fieldProbabilities,
        finishReason,
        request.promptTokens().length,
        cachedTokens,
        null,
        null);
  }

  /** Creates the completion of a request with choices. */
  static Completion chosen(
      Request request, String text, double[] choiceProbabilities, int cachedTokens) {
    return new Completion(
        request.id(),
        text,
        NO_TOKENS,
        NO_LOGPROBS,
        choiceProbabilities,
        Map.of(),
        FinishReason.CHOICE,
        request.promptTokens().length,
        cachedTokens,
        null,
        null);
  }

  /** Creates the completion of a request that cannot be answered. */
  static Completion failed(Request request, int cachedTokens, RequestError error, String message) {
    return new Completion(
        request.id(),
        "",
        NO_TOKENS,
        NO_LOGPROBS,
        NO_PROBABILITIES,
        Map.of(),
        FinishReason.ERROR,
        request.promptTokens().length,
        cachedTokens,
        error,
        message);
  }
}
