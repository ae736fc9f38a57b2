package io.nightshift.job.pipeline;

import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.options.AnswerOptions;
import io.nightshift.job.options.EmbeddingType;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.run.JobIdentity;
import io.nightshift.job.run.KeptColumns;
import io.nightshift.operators.infer.AnswerConstraint;
import io.nightshift.operators.infer.AnswerEmbedding;
import io.nightshift.operators.infer.AnswerReasoning;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.Answering;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.jinja.TemplateSyntaxException;
import io.nightshift.operators.render.MessagesColumn;
import io.nightshift.operators.render.PromptContent;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.operators.tokenize.TemplatePrompts;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Inspects a job's input and model: files and columns exist, the model opens, the templates parse
 * and the choices have tokens. Nothing is computed yet, so whatever is wrong so far costs no GPU
 * time.
 */
final class JobPreparation {
  private final JobSpecification specification;
  private final LocatedModel located;
  private final ModelDescription description;
  private final EngineFactory engines;

  private JobPreparation(JobSpecification specification, DescribedModel model) {
    this.specification = specification;
    this.located = model.located();
    this.description = model.description();
    this.engines = model.engines();
  }

  /**
   * Inspects a job's input and model.
   *
   * @param located the job's model
   * @param selection chooses the job's engines
   * @throws InvalidJobException if something that the job names is not there, or does not fit
   */
  static PreparedJob prepare(
      JobSpecification specification, LocatedModel located, EngineSelection selection) {
    DescribedModel model = DescribedModel.of(located, selection, specification);
    try (Tokenizer tokenizer = model.tokenizer()) {
      TextTokens.requireEmbeddings(located.path(), model.description(), tokenizer);
      return specification.prompt() instanceof JobSpecification.BodyPrompt
          ? new BatchPreparation(specification, model).prepare(tokenizer)
          : new JobPreparation(specification, model).prepare(tokenizer);
    } catch (IOException | TemplateSyntaxException | IllegalArgumentException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The same time for all rows of a run, lest prompts stop sharing their prefix at midnight. */
  static Clock clock() {
    return Clock.fixed(Instant.now(), ZoneId.systemDefault());
  }

  private PreparedJob prepare(Tokenizer tokenizer) throws IOException {
    PromptSpecification prompt = prompt(tokenizer);
    InputFiles files = InputFormats.inspect(specification.input());
    Clock clock = clock();
    PromptRenderer renderer =
        new PromptRenderer(prompt, description.chatTemplate(), clock, files.columnNames());
    SpecialTokens specialTokens = new SpecialTokens(located.path(), description, tokenizer);
    specialTokens.requireForPrompts(prompt, renderer);
    PreparedModel model = model(specialTokens);
    PreparedInput input = input(files, renderer.columns(), model.answers());
    JobIdentity identity = JobIdentity.of(specification, input.keptSchema(), located.identity());
    return new PreparedJob(
        specification, input, new TemplatePrompts(prompt, clock), model, identity);
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

  private PreparedModel model(SpecialTokens specialTokens) {
    AnswerSpecification answer = answer(specialTokens);
    RequestChecker checker = engines.requestChecker(description.config());
    answer.optionalChoices().ifPresent(checker::requireScorable);
    return new PreparedModel(located, engines, answer, promptLimit(checker, answer));
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
        ReasoningMarks.of(specification.reasoning(), description, specialTokens.tokenizer())
            .orElse(null);
    return new AnswerSpecification(
        choices,
        constraint(reasoning, specialTokens.tokenizer()),
        reasoning,
        specification.sampling(),
        embedding(),
        specification.plan().shareDuplicates());
  }

  private @Nullable AnswerEmbedding embedding() {
    if (!(specification.answer() instanceof JobSpecification.EmbeddingAnswer answer)) {
      return null;
    }
    int hiddenSize = description.config().hiddenSize();
    int size = answer.parameters().size(hiddenSize);
    if (size > hiddenSize) {
      throw new InvalidJobException(
          "%s is %s, but the hidden states of %s have %s elements: ask for no more, or leave it out for all"
              .formatted(
                  AnswerOptions.EMBEDDING_DIMENSIONS.key(), size, located.path(), hiddenSize));
    }
    return new AnswerEmbedding(answer.parameters(), size, answer.type() == EmbeddingType.FLOAT16);
  }

  private @Nullable AnswerConstraint constraint(
      @Nullable AnswerReasoning reasoning, Tokenizer tokenizer) {
    int markTokens = reasoning == null ? 0 : reasoning.marks().longestEnd();
    return specification.answer() instanceof JobSpecification.ConstrainedAnswer answer
        ? ConstraintPreparation.prepare(answer, markTokens, tokenizer, description.config())
        : null;
  }

  private static PromptLimit promptLimit(RequestChecker checker, AnswerSpecification answer) {
    boolean embeds = answer.embedding() != null;
    Optional<Choices> choices = answer.optionalChoices();
    return new PromptLimit(
        embeds ? checker.maxEmbeddedTokens() : checker.maxPromptTokens(choices),
        !embeds,
        (embeds ? checker.embeddingsAreBoundByCache() : checker.isBoundByCache(choices))
            ? "the KV cache (engine.kv-cache-memory)"
            : "the model's context");
  }

  private PreparedInput input(InputFiles files, Set<String> templateColumns, Answering answers)
      throws IOException {
    Optional<List<String>> named = specification.output().columns();
    InputColumns kept = named.isPresent() ? files.select(named.get()) : files.select();
    Schema keptSchema = KeptColumns.of(kept);
    // Fails on a kept column that has the name of an answer's column.
    PreparedJob.outputSchema(keptSchema, answers, PreparedJob.outputForm(specification));
    Set<String> columns = new LinkedHashSet<>();
    keptSchema.getFields().forEach(field -> columns.add(field.getName()));
    columns.addAll(templateColumns);
    List<String> columnsRead = List.copyOf(columns);
    Schema read = files.select(columnsRead).schema(); // Fails on a column that cannot be read.
    if (specification.prompt() instanceof JobSpecification.MessagesPrompt prompt) {
      MessagesColumn.requireType(read.findField(prompt.column()));
    }
    return new PreparedInput(files, kept, keptSchema, columnsRead);
  }
}
