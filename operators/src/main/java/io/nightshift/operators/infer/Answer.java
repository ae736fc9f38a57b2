package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.FinishReason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a row: the values of {@link AnswerSchema}.
 *
 * @param reasoning null if the model did not reason, or if it is not told from the completion
 * @param logprobs null if they were not asked for, or with an error
 * @param choiceProbabilities probabilities in the order of the job's choices; null without choices
 *     or with an error
 * @param embedding null if answers are no embeddings, or with an error
 * @param fieldProbabilities probabilities of the answer's enumerated fields, by JSON pointer; empty
 *     if there are none
 */
public record Answer(
    @Nullable String completion,
    FinishReason finishReason,
    @Nullable String reasoning,
    @Nullable AnswerLogprobs logprobs,
    double @Nullable [] choiceProbabilities,
    Map<String, Double> fieldProbabilities,
    float @Nullable [] embedding,
    int promptTokens,
    int cachedTokens,
    int outputTokens,
    @Nullable String errorCode,
    @Nullable String errorMessage) {

  /** Returns the answer to another row with the same prompt, for which nothing was computed. */
  Answer forDuplicate() {
    return new Answer(
        completion,
        finishReason,
        reasoning,
        logprobs,
        choiceProbabilities,
        fieldProbabilities,
        embedding,
        promptTokens,
        promptTokens,
        outputTokens,
        errorCode,
        errorMessage);
  }

  /** The answer to a row that has an error. */
  public static Answer error(int promptTokens, String code, @Nullable String message) {
    return new Answer(
        null,
        FinishReason.ERROR,
        null,
        null,
        null,
        Map.of(),
        null,
        promptTokens,
        0,
        0,
        code,
        message);
  }
}
