package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.Answer;
import io.nightshift.job.options.JobSpecification.ChoiceAnswer;
import io.nightshift.job.options.JobSpecification.Reasoning;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.configuration.ConfigOption;

/** Reads what becomes of a model's reasoning: options of the section {@code answer}. */
final class ReasoningReader {
  private static final int MARKS = 2;

  private final JobSettings settings;
  private final Checks checks;

  ReasoningReader(JobSettings settings, Checks checks) {
    this.settings = settings;
    this.checks = checks;
  }

  /**
   * @param maxTokens maximum number of tokens of an answer
   */
  Reasoning reasoning(Answer answer, int maxTokens) {
    ReasoningMode mode = settings.get(AnswerOptions.REASONING);
    if (answer instanceof ChoiceAnswer && mode != ReasoningMode.KEEP) {
      checks.exclusive(AnswerOptions.CHOICES, AnswerOptions.REASONING);
    }
    requireUse(mode, AnswerOptions.REASONING_MARKS);
    requireUse(mode, AnswerOptions.REASONING_MAX_TOKENS);
    return new Reasoning(mode, marks(), limit(maxTokens));
  }

  private void requireUse(ReasoningMode mode, ConfigOption<?> option) {
    if (mode == ReasoningMode.KEEP && settings.isGiven(option)) {
      throw settings.error(
          option, "has no effect without answer.reasoning column or drop; add one or remove it");
    }
  }

  private Optional<List<String>> marks() {
    Optional<List<String>> marks = settings.find(AnswerOptions.REASONING_MARKS);
    marks.ifPresent(
        given -> {
          checks.distinctTexts(AnswerOptions.REASONING_MARKS, given);
          if (given.size() != MARKS) {
            throw settings.error(
                AnswerOptions.REASONING_MARKS,
                "must be two texts, one before the reasoning and one after it, but are "
                    + given.size());
          }
        });
    return marks;
  }

  private OptionalInt limit(int maxTokens) {
    if (!settings.isGiven(AnswerOptions.REASONING_MAX_TOKENS)) {
      return OptionalInt.empty();
    }
    int limit = checks.atLeast(AnswerOptions.REASONING_MAX_TOKENS, 1);
    if (limit >= maxTokens) {
      throw settings.error(
          AnswerOptions.REASONING_MAX_TOKENS,
          "is %s, which leaves no tokens for the answer: answer.max-tokens, which counts both, is %s; make it larger"
              .formatted(limit, maxTokens));
    }
    return OptionalInt.of(limit);
  }
}
