package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.FinishReason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a row: the values of {@link AnswerSchema}.
 *
 * @param choiceProbabilities probabilities in the order of the job's choices; null without choices
 *     or with an error
 * @param fieldProbabilities probabilities of the answer's enumerated fields, by JSON pointer; empty
 *     if there are none
 */
record Answer(
    @Nullable String completion,
    FinishReason finishReason,
    double @Nullable [] choiceProbabilities,
    Map<String, Double> fieldProbabilities,
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
        choiceProbabilities,
        fieldProbabilities,
        promptTokens,
        promptTokens,
        outputTokens,
        errorCode,
        errorMessage);
  }

  static Answer error(int promptTokens, String code, @Nullable String message) {
    return new Answer(null, FinishReason.ERROR, null, Map.of(), promptTokens, 0, 0, code, message);
  }
}
