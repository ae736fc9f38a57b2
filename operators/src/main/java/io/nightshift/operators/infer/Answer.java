package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a row: the values of {@link AnswerSchema}.
 *
 * @param choiceProbabilities probabilities in the order of the job's choices; null without choices
 *     or with an error
 */
record Answer(
    @Nullable String completion,
    FinishReason finishReason,
    double @Nullable [] choiceProbabilities,
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
        promptTokens,
        promptTokens,
        outputTokens,
        errorCode,
        errorMessage);
  }

  static Answer error(int promptTokens, String code, @Nullable String message) {
    return new Answer(null, FinishReason.ERROR, null, promptTokens, 0, 0, code, message);
  }
}
