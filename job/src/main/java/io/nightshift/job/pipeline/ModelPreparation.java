package io.nightshift.job.pipeline;

import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.options.AnswerOptions;
import io.nightshift.job.options.EmbeddingType;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.ModelSpecification;
import io.nightshift.operators.infer.AnswerConstraint;
import io.nightshift.operators.infer.AnswerEmbedding;
import io.nightshift.operators.infer.AnswerReasoning;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.jinja.TemplateSyntaxException;
import io.nightshift.operators.render.PromptContent;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.time.Clock;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Inspects a model: it opens, the templates parse over the rows' columns and the choices have
 * tokens.
 */
public final class ModelPreparation {
  private final ModelSpecification specification;
  private final boolean shareDuplicates;
  private final DescribedModel described;

  private ModelPreparation(
      ModelSpecification specification, boolean shareDuplicates, DescribedModel described) {
    this.specification = specification;
    this.shareDuplicates = shareDuplicates;
    this.described = described;
  }

  /**
   * Inspects a model.
   *
   * @param shareDuplicates whether rows with the same prompt share an answer if sampling is greedy
   * @param located the model
   * @param engines that answer
   * @param columns names of the columns that the rows have
   * @throws InvalidJobException if what is said about the model does not fit it, or the rows
   */
  public static TemplatedModel prepare(
      ModelSpecification specification,
      boolean shareDuplicates,
      LocatedModel located,
      EngineFactory engines,
      Collection<String> columns) {
    return prepare(specification, shareDuplicates, DescribedModel.of(located, engines), columns);
  }

  /** Inspects a model that has been described; see the other method. */
  static TemplatedModel prepare(
      ModelSpecification specification,
      boolean shareDuplicates,
      DescribedModel described,
      Collection<String> columns) {
    return new ModelPreparation(specification, shareDuplicates, described).prepare(columns);
  }

  private TemplatedModel prepare(Collection<String> columns) {
    try (Tokenizer tokenizer = described.tokenizer()) {
      PromptSpecification prompt = prompt(tokenizer);
      PromptRenderer renderer =
          new PromptRenderer(
              prompt, described.description().chatTemplate(), Clock.systemDefaultZone(), columns);
      SpecialTokens specialTokens =
          new SpecialTokens(described.located().path(), described.description(), tokenizer);
      specialTokens.requireForPrompts(prompt, renderer);
      AnswerSpecification answer = answer(specialTokens);
      return new TemplatedModel(model(answer), prompt, renderer.columns(), answer);
    } catch (TemplateSyntaxException | IllegalArgumentException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private PromptSpecification prompt(Tokenizer tokenizer) {
    JobSpecification.Prompt prompt = specification.prompt();
    PromptSpecification templates =
        new PromptSpecification(content(prompt), prompt.templateOptions());
    PromptSpecification started =
        AnswerStart.of(specification, tokenizer).map(templates::withAnswerStart).orElse(templates);
    return specification.answer() instanceof JobSpecification.ConstrainedAnswer answer
            && answer.constraint() instanceof ConstraintSpecification.JsonSchema schema
        ? started.withSchema(schema.schema())
        : started;
  }

  private static PromptContent content(JobSpecification.Prompt prompt) {
    if (prompt instanceof JobSpecification.ChatPrompt chat) {
      return new PromptContent.Turn(chat.system().orElse(null), chat.user());
    }
    return prompt instanceof JobSpecification.MessagesPrompt messages
        ? new PromptContent.Messages(messages.column())
        : new PromptContent.Text(((JobSpecification.TextPrompt) prompt).text());
  }

  private PreparedModel model(AnswerSpecification answer) {
    EngineFactory engines = described.engines();
    RequestChecker checker = engines.requestChecker(described.description().config());
    answer.optionalChoices().ifPresent(checker::requireScorable);
    PromptLimit limit =
        answer.embedding() == null
            ? PromptLimit.ofAnswered(checker, answer.optionalChoices())
            : PromptLimit.ofEmbedded(checker);
    return new PreparedModel(described.located(), engines, answer, limit);
  }

  private AnswerSpecification answer(SpecialTokens specialTokens) {
    @Nullable Choices choices = null;
    if (specification.answer() instanceof JobSpecification.ChoiceAnswer choice) {
      choices =
          Choices.of(
              choice.choices(),
              specialTokens.tokenizer(),
              specialTokens::endOfTurn,
              choice.normalizeByLength());
    }
    @Nullable AnswerReasoning reasoning =
        ReasoningMarks.of(
                specification.reasoning(), described.description(), specialTokens.tokenizer())
            .orElse(null);
    return new AnswerSpecification(
        choices,
        constraint(reasoning, specialTokens.tokenizer()),
        reasoning,
        specification.sampling(),
        embedding(),
        shareDuplicates);
  }

  private @Nullable AnswerEmbedding embedding() {
    if (!(specification.answer() instanceof JobSpecification.EmbeddingAnswer answer)) {
      return null;
    }
    int hiddenSize = described.description().config().hiddenSize();
    int size = answer.parameters().size(hiddenSize);
    if (size > hiddenSize) {
      throw new InvalidJobException(
          "%s is %s, but the hidden states of %s have %s elements: ask for no more, or leave it out for all"
              .formatted(
                  AnswerOptions.EMBEDDING_DIMENSIONS.key(),
                  size,
                  described.located().path(),
                  hiddenSize));
    }
    return new AnswerEmbedding(answer.parameters(), size, answer.type() == EmbeddingType.FLOAT16);
  }

  private @Nullable AnswerConstraint constraint(
      @Nullable AnswerReasoning reasoning, Tokenizer tokenizer) {
    int markTokens = reasoning == null ? 0 : reasoning.marks().longestEnd();
    return specification.answer() instanceof JobSpecification.ConstrainedAnswer answer
        ? ConstraintPreparation.prepare(
            answer, markTokens, tokenizer, described.description().config())
        : null;
  }
}
