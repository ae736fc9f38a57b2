package io.nightshift.job.pipeline;

import io.nightshift.job.options.JobSpecification.ChoiceAnswer;
import io.nightshift.job.options.JobSpecification.ConstrainedAnswer;
import io.nightshift.job.options.ModelSpecification;
import io.nightshift.job.options.ReasoningMode;
import io.nightshift.runtime.engine.HarmonyReasoning;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.util.Optional;

/**
 * What a model would write before its answer, where the job leaves it no room to do so: with
 * choices, and with a constraint that holds from the first token. Models with harmony's channels
 * open the answer's channel first.
 */
final class AnswerStart {
  private AnswerStart() {}

  static Optional<String> of(ModelSpecification job, Tokenizer tokenizer) {
    boolean isWholeOutput =
        job.reasoning().mode() == ReasoningMode.KEEP
            && (job.answer() instanceof ChoiceAnswer || job.answer() instanceof ConstrainedAnswer);
    return isWholeOutput && HarmonyReasoning.find(tokenizer, 0).isPresent()
        ? Optional.of(HarmonyReasoning.ANSWER_HEADER)
        : Optional.empty();
  }
}
