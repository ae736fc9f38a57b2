package io.nightshift.operators.infer;

import io.nightshift.operators.answer.TypeText;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import io.nightshift.runtime.engine.Reasoning;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How rows are answered.
 *
 * @param choices possible answers; null if answers are generated
 * @param constraint what generated answers conform to; null for free text
 * @param reasoning how reasoning is told from the answer; null if it is left in the completion
 * @param sampling how free text is sampled; its seed is the one of the job, from which the seed of
 *     each row is derived
 * @param embedding how prompts are embedded; null if answers have tokens
 * @param shareDuplicates whether rows with the same prompt share an answer if sampling is greedy
 */
public record AnswerSpecification(
    @Nullable Choices choices,
    @Nullable AnswerConstraint constraint,
    @Nullable AnswerReasoning reasoning,
    SamplingParameters sampling,
    @Nullable AnswerEmbedding embedding,
    boolean shareDuplicates)
    implements Answering {
  /** Approximate cost of scoring choices, in tokens besides the prompt. */
  private static final int TOKENS_OF_CHOICE = 4;

  private static final String EMBEDDING_TOO_LARGE = "embedding_too_large";

  /** Answers that have tokens. */
  public AnswerSpecification(
      @Nullable Choices choices,
      @Nullable AnswerConstraint constraint,
      @Nullable AnswerReasoning reasoning,
      SamplingParameters sampling,
      boolean shareDuplicates) {
    this(choices, constraint, reasoning, sampling, null, shareDuplicates);
  }

  @Override
  public RowAnswering open(TaskEngine engine, Schema kept) {
    return new UniformAnswering(this, compile(engine.constraints()));
  }

  @Override
  public boolean needsOutputProjection() {
    return embedding == null;
  }

  @Override
  public boolean sharesPrefixes() {
    return embedding == null || embedding.parameters().pooling() != Pooling.MEAN;
  }

  /** 0 if choices are scored or prompts embedded. */
  @Override
  public int maxTokens() {
    return choices != null || embedding != null ? 0 : sampling.maxTokens();
  }

  /** Half of the maximum for free text. */
  @Override
  public int expectedTokens() {
    if (embedding != null) {
      return 0;
    }
    return choices != null ? TOKENS_OF_CHOICE : Math.max(1, sampling.maxTokens() / 2);
  }

  @Override
  public List<String> description() {
    return embedding == null
        ? columns(false).answer().map(TypeText::lines).orElse(List.of())
        : List.of(embedding.toString());
  }

  @Override
  public boolean sharesAnswers() {
    return shareDuplicates && (choices != null || embedding != null || sampling.temperature() == 0);
  }

  @Override
  public List<String> choiceTexts() {
    return choices == null ? List.of() : choices.texts();
  }

  @Override
  public AnswerColumns columns(boolean withSource) {
    return new AnswerColumns(
        Optional.ofNullable(embedding),
        choices != null,
        constraint == null ? Optional.empty() : constraint.column(),
        constraint != null && constraint.fieldProbabilities(),
        reasoning != null && reasoning.column(),
        sampling.logprobs(),
        withSource);
  }

  /** The constraint for the vocabulary of a model; empty if answers are free or choices. */
  public Optional<Constraint> compile(ConstraintCompiler constraints) {
    return Optional.ofNullable(constraint).map(given -> constraints.compile(given.specification()));
  }

  /** How reasoning is told from the answer. */
  public Optional<Reasoning> reasoningMarks() {
    return Optional.ofNullable(reasoning).map(AnswerReasoning::marks);
  }

  /** How prompts are embedded; empty if answers have tokens. */
  public Optional<EmbeddingParameters> embeddingParameters() {
    return Optional.ofNullable(embedding).map(AnswerEmbedding::parameters);
  }

  /** The choices; empty for generated answers. */
  public Optional<Choices> optionalChoices() {
    return Optional.ofNullable(choices);
  }

  /**
   * Returns the sampling parameters of a row that is known by its prompt alone. Its seed depends
   * only on the seed of the job and the prompt.
   */
  public SamplingParameters samplingOf(int[] promptTokens) {
    return sampling.withSeed(sampling.seed() * 31 + Arrays.hashCode(promptTokens));
  }

  /** Converts a completion. The number of output tokens of a choice is its number of tokens. */
  public Answer answerOf(Completion completion) {
    if (completion.error() != null) {
      return Answer.error(
          completion.promptTokens(),
          completion.error().name().toLowerCase(Locale.ROOT),
          completion.errorMessage());
    }
    if (embedding != null && !embedding.holds(completion.embedding())) {
      return Answer.error(
          completion.promptTokens(),
          EMBEDDING_TOO_LARGE,
          "the embedding has an element that float16 does not hold; use answer.embedding.type"
              + " float32, or normalize it");
    }
    int outputTokens =
        choices == null
            ? completion.outputTokens().length
            : choices.tokens().get(choices.texts().indexOf(completion.text())).length;
    return new Answer(
        completion.text(),
        completion.finishReason(),
        completion.reasoning(),
        sampling.logprobs()
            ? new AnswerLogprobs(
                completion.outputTokens(), completion.logprobs(), completion.topLogprobs())
            : null,
        choices == null ? null : completion.choiceProbabilities(),
        completion.fieldProbabilities(),
        embedding == null ? null : completion.embedding(),
        completion.promptTokens(),
        completion.cachedTokens(),
        outputTokens,
        null,
        null);
  }
}
