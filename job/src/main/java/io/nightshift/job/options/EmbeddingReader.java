package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.EmbeddingAnswer;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;

/** Reads how prompts become embeddings: options of the section {@code answer}. */
final class EmbeddingReader {
  private static final List<ConfigOption<?>> DETAILS =
      List.of(
          AnswerOptions.EMBEDDING_NORMALIZE,
          AnswerOptions.EMBEDDING_DIMENSIONS,
          AnswerOptions.EMBEDDING_TYPE);

  /** Options of answers that have tokens. */
  private static final List<ConfigOption<?>> OTHER_ANSWERS =
      List.of(
          AnswerOptions.CHOICES,
          AnswerOptions.NORMALIZE_BY_LENGTH,
          AnswerOptions.MAX_TOKENS,
          AnswerOptions.REASONING,
          AnswerOptions.REASONING_MARKS,
          AnswerOptions.REASONING_MAX_TOKENS,
          AnswerOptions.LOGPROBS,
          AnswerOptions.REGEX,
          AnswerOptions.JSON_SCHEMA,
          AnswerOptions.WHITESPACE,
          AnswerOptions.FIELD_PROBABILITIES);

  private final JobSettings settings;
  private final Checks checks;

  EmbeddingReader(JobSettings settings, Checks checks) {
    this.settings = settings;
    this.checks = checks;
  }

  /** The embedding; empty if rows get another answer. */
  Optional<EmbeddingAnswer> answer() {
    Optional<Pooling> pooling = settings.find(AnswerOptions.EMBEDDING_POOLING);
    if (pooling.isEmpty()) {
      DETAILS.forEach(this::requirePoolingFor);
      return Optional.empty();
    }
    OTHER_ANSWERS.forEach(option -> checks.exclusive(AnswerOptions.EMBEDDING_POOLING, option));
    int dimensions =
        settings.isGiven(AnswerOptions.EMBEDDING_DIMENSIONS)
            ? checks.atLeast(AnswerOptions.EMBEDDING_DIMENSIONS, 1)
            : 0;
    return Optional.of(
        new EmbeddingAnswer(
            new EmbeddingParameters(
                pooling.get(), dimensions, settings.get(AnswerOptions.EMBEDDING_NORMALIZE)),
            settings.get(AnswerOptions.EMBEDDING_TYPE)));
  }

  private void requirePoolingFor(ConfigOption<?> option) {
    if (settings.isGiven(option)) {
      throw settings.error(
          option,
          "has no effect without answer.embedding.pooling, which makes answers embeddings; add it"
              + " or remove this");
    }
  }
}
