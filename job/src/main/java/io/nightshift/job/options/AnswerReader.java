package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.Answer;
import io.nightshift.job.options.JobSpecification.ChoiceAnswer;
import io.nightshift.job.options.JobSpecification.ConstrainedAnswer;
import io.nightshift.job.options.JobSpecification.EmbeddingAnswer;
import io.nightshift.job.options.JobSpecification.FreeAnswer;
import io.nightshift.job.options.JobSpecification.GeneratedAnswer;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;

/** Reads the sections {@code answer} and {@code sampling} of a job file. */
final class AnswerReader {
  private static final List<ConfigOption<?>> SAMPLING_OPTIONS =
      List.of(
          SamplingOptions.TEMPERATURE,
          SamplingOptions.TOP_K,
          SamplingOptions.TOP_P,
          SamplingOptions.MIN_P,
          SamplingOptions.REPETITION_PENALTY,
          SamplingOptions.STOP);

  private final JobSettings settings;
  private final Checks checks;

  AnswerReader(JobSettings settings, Checks checks) {
    this.settings = settings;
    this.checks = checks;
  }

  Answer answer() {
    Optional<EmbeddingAnswer> embedding = new EmbeddingReader(settings, checks).answer();
    return embedding.isPresent() ? embedding.get() : answerOfTokens();
  }

  private Answer answerOfTokens() {
    checks.exclusive(AnswerOptions.CHOICES, AnswerOptions.REGEX);
    checks.exclusive(AnswerOptions.CHOICES, AnswerOptions.JSON_SCHEMA);
    Optional<ConstrainedAnswer> constrained = new ConstraintReader(settings, checks).answer();
    Optional<List<String>> choices = settings.find(AnswerOptions.CHOICES);
    if (choices.isEmpty()) {
      if (settings.isGiven(AnswerOptions.NORMALIZE_BY_LENGTH)) {
        throw settings.error(
            AnswerOptions.NORMALIZE_BY_LENGTH,
            "has no effect without answer.choices; remove it or give choices");
      }
      return constrained.isPresent()
          ? constrained.get()
          : new FreeAnswer(checks.atLeast(AnswerOptions.MAX_TOKENS, 1));
    }
    checks.exclusive(AnswerOptions.CHOICES, AnswerOptions.MAX_TOKENS);
    checks.distinctTexts(AnswerOptions.CHOICES, choices.get());
    if (choices.get().size() < 2) {
      throw settings.error(
          AnswerOptions.CHOICES, "needs two choices or more, but has " + choices.get().size());
    }
    return new ChoiceAnswer(choices.get(), settings.get(AnswerOptions.NORMALIZE_BY_LENGTH));
  }

  SamplingParameters sampling(Answer answer) {
    List<String> stop = settings.get(SamplingOptions.STOP);
    checks.distinctTexts(SamplingOptions.STOP, stop);
    SamplingParameters sampling =
        new SamplingParameters(
            checks.between(SamplingOptions.TEMPERATURE, 0.0, 10.0),
            checks.atLeast(SamplingOptions.TOP_K, 0),
            checks.positive(SamplingOptions.TOP_P, 1),
            checks.between(SamplingOptions.MIN_P, 0.0, 1.0),
            checks.positive(SamplingOptions.REPETITION_PENALTY, 10),
            settings.get(SamplingOptions.SEED),
            answer instanceof GeneratedAnswer generated ? generated.maxTokens() : 1,
            stop,
            false,
            settings.isGiven(AnswerOptions.LOGPROBS),
            topLogprobs());
    if (answer instanceof ConstrainedAnswer && !stop.isEmpty()) {
      throw settings.error(
          SamplingOptions.STOP,
          "would cut answers short of what answer.regex or answer.json-schema demands; remove one"
              + " of them");
    }
    if (answer instanceof ChoiceAnswer) {
      checks.exclusive(AnswerOptions.CHOICES, AnswerOptions.LOGPROBS);
      requireDefaultSampling("answer.choices, which are scored and not sampled");
    }
    if (answer instanceof EmbeddingAnswer) {
      String embedding = "answer.embedding.pooling, since no token is sampled";
      requireDefaultSampling(embedding);
      if (settings.isGiven(SamplingOptions.SEED)) {
        throw hasNoEffect(SamplingOptions.SEED, embedding);
      }
    }
    return sampling;
  }

  private int topLogprobs() {
    return settings.isGiven(AnswerOptions.LOGPROBS)
        ? checks.between(AnswerOptions.LOGPROBS, 0, SamplingParameters.MAX_TOP_LOGPROBS)
        : 0;
  }

  private void requireDefaultSampling(String answer) {
    for (ConfigOption<?> option : SAMPLING_OPTIONS) {
      if (!settings.get(option).equals(option.defaultValue())) {
        throw hasNoEffect(option, answer);
      }
    }
  }

  private InvalidJobException hasNoEffect(ConfigOption<?> option, String answer) {
    return settings.error(option, "has no effect with %s; remove one of them".formatted(answer));
  }
}
