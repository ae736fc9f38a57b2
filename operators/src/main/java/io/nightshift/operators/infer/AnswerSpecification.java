package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What every row is to be answered with.
 *
 * @param choices the choices to pick from; null for free text
 * @param sampling how free text is generated; its seed is the job's, from which each row's own is
 *     made
 * @param shareDuplicates whether rows of the same prompt share an answer where sampling is greedy
 */
public record AnswerSpecification(
    @Nullable Choices choices, SamplingParameters sampling, boolean shareDuplicates)
    implements Serializable {

  /** Whether rows of the same prompt get the same answer, computed once. */
  boolean sharesAnswers() {
    return shareDuplicates && (choices != null || sampling.temperature() == 0);
  }

  List<String> choiceTexts() {
    return choices == null ? List.of() : choices.texts();
  }

  /** The choices; empty for free text. */
  public Optional<Choices> optionalChoices() {
    return Optional.ofNullable(choices);
  }

  /**
   * The sampling parameters of one row: with a seed of its own, which depends on its origin alone.
   */
  SamplingParameters samplingOf(String sourceFile, long sourceRow) {
    long fileSeed = (sampling.seed() * 31 + sourceFile.hashCode()) * 0x9E3779B97F4A7C15L;
    return sampling.withSeed(fileSeed + sourceRow);
  }

  /**
   * What the output row says of a completion. A picked choice counts as the tokens it consists of.
   */
  Answer answerOf(Completion completion) {
    if (completion.error() != null) {
      return Answer.error(
          completion.promptTokens(),
          completion.error().name().toLowerCase(Locale.ROOT),
          completion.errorMessage());
    }
    int outputTokens =
        choices == null
            ? completion.outputTokens().length
            : choices.tokens().get(choices.texts().indexOf(completion.text())).length;
    return new Answer(
        completion.text(),
        completion.finishReason(),
        choices == null ? null : completion.choiceProbabilities(),
        completion.promptTokens(),
        completion.cachedTokens(),
        outputTokens,
        null,
        null);
  }
}
