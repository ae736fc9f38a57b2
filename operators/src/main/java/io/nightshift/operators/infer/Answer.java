package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * What an output row says of its prompt; the values of {@link AnswerColumns}.
 *
 * @param choiceProbabilities in the order of the job's choices; null without choices and where
 *     there was an error
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

  /** The answer of another row with the same prompt, for which nothing was computed. */
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
