package io.nightshift.runtime.engine;

import io.nightshift.runtime.sampling.TopLogprobs;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param id id of the request
 * @param text the answer without stop string and end-of-sequence token; the most probable choice if
 *     there were choices; empty after an error, or if the reasoning has not ended
 * @param reasoning what the model thought before it answered; null if it did not, or if the request
 *     does not tell reasoning from the answer
 * @param outputTokens generated token ids, including an end-of-sequence token; empty if there were
 *     choices
 * @param logprobs natural logarithm of the probability of each output token before penalty,
 *     temperature and truncation, NaN for a token that was not sampled; empty unless requested
 * @param topLogprobs the most probable tokens at the position of each output token, as many as
 *     requested, or all of the vocabulary
 * @param choiceProbabilities probabilities in the order of the choices of the request, with a sum
 *     of 1; empty without choices
 * @param fieldProbabilities for each value that a JSON schema enumerates and the answer has, the
 *     probability of the chosen one among the allowed ones, by its JSON pointer; empty unless
 *     requested
 * @param embedding the vector that was requested; empty without one
 * @param finishReason why the answer ended
 * @param promptTokens number of prompt tokens
 * @param cachedTokens number of prompt tokens whose keys and values were found in the prefix cache
 * @param error the error if the finish reason is {@link FinishReason#ERROR}; null otherwise
 * @param errorMessage description of the error with numbers and a remedy; null without an error
 */
public record Completion(
    long id,
    String text,
    @Nullable String reasoning,
    int[] outputTokens,
    float[] logprobs,
    TopLogprobs topLogprobs,
    double[] choiceProbabilities,
    Map<String, Double> fieldProbabilities,
    float[] embedding,
    FinishReason finishReason,
    int promptTokens,
    int cachedTokens,
    @Nullable RequestError error,
    @Nullable String errorMessage) {

  private static final int[] NO_TOKENS = {};
  private static final float[] NO_LOGPROBS = {};
  private static final double[] NO_PROBABILITIES = {};
  private static final float[] NO_EMBEDDING = {};

  /** Creates the completion of a generated answer. */
  static Completion generated(
      Request request,
      String text,
      @Nullable String reasoning,
      int[] outputTokens,
      OutputLogprobs logprobs,
      Map<String, Double> fieldProbabilities,
      FinishReason finishReason,
      int cachedTokens) {
    return new Completion(
        request.id(),
        text,
        reasoning,
        outputTokens,
        logprobs.logprobs(),
        logprobs.top(),
        NO_PROBABILITIES,
        fieldProbabilities,
        NO_EMBEDDING,
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
        null,
        NO_TOKENS,
        NO_LOGPROBS,
        TopLogprobs.NONE,
        choiceProbabilities,
        Map.of(),
        NO_EMBEDDING,
        FinishReason.CHOICE,
        request.promptTokens().length,
        cachedTokens,
        null,
        null);
  }

  /** Creates the completion of a request for an embedding. */
  static Completion embedded(Request request, float[] embedding, int cachedTokens) {
    return new Completion(
        request.id(),
        "",
        null,
        NO_TOKENS,
        NO_LOGPROBS,
        TopLogprobs.NONE,
        NO_PROBABILITIES,
        Map.of(),
        embedding,
        FinishReason.EMBEDDING,
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
        null,
        NO_TOKENS,
        NO_LOGPROBS,
        TopLogprobs.NONE,
        NO_PROBABILITIES,
        Map.of(),
        NO_EMBEDDING,
        FinishReason.ERROR,
        request.promptTokens().length,
        cachedTokens,
        error,
        message);
  }
}
