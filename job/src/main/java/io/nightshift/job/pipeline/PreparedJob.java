package io.nightshift.job.pipeline;

import io.nightshift.job.run.CompletePlan;
import io.nightshift.job.run.JobIdentity;
import io.nightshift.job.run.KeptColumns;
import io.nightshift.job.topology.InferJob;

import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.ParquetColumns;
import io.nightshift.connectors.parquet.ParquetInputs;
import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.OutputOrder;
import io.nightshift.job.storage.StorageFailure;
import io.nightshift.operators.infer.AnswerColumns;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.OutputForm;
import io.nightshift.operators.jinja.TemplateSyntaxException;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job whose input and model have been looked at: files and columns exist, the model opens, the
 * templates parse and the choices have tokens. Nothing has been computed yet, so whatever is wrong
 * so far costs no GPU time.
 *
 * @param specification what the user asked for
 * @param inputs the input's files
 * @param columnsRead columns that are read: those kept and those that the templates use
 * @param keptSchema schema of the columns that go to the output
 * @param model of the job
 * @param prompt the templates
 * @param answer what rows are answered with
 * @param engines make the engines of the tasks
 * @param promptLimit how long a prompt may be
 * @param identity everything besides the rows that the answers depend on
 */
record PreparedJob(
    JobSpecification specification,
    ParquetInputs inputs,
    List<String> columnsRead,
    Schema keptSchema,
    LocatedModel model,
    PromptSpecification prompt,
    AnswerSpecification answer,
    EngineFactory engines,
    PromptLimit promptLimit,
    JobIdentity identity) {

  private static final Logger LOG = LoggerFactory.getLogger(PreparedJob.class);

  /** What scoring choices costs besides the prompt, in tokens. */
  private static final int TOKENS_OF_CHOICE = 4;

  /** Rows that wait in a task besides the running ones, so that steps stay full. */
  private static final int LOOK_AHEAD = 2;

  /**
   * Looks at a job's input and model.
   *
   * @param located the job's model
   * @param selection chooses the job's engines
   * @throws InvalidJobException if something that the job names is not there, or does not fit
   */
  static PreparedJob of(
      JobSpecification specification, LocatedModel located, EngineSelection selection) {
    PromptSpecification prompt = prompt(specification.prompt());
    ModelDescription model = describe(located.path());
    EngineFactory engines = selection.select(specification, located.source());
    try (Tokenizer tokenizer = tokenizer(located.path(), model)) {
      ParquetInputs inputs = inspect(specification.input().path().toString());
      PromptRenderer renderer =
          new PromptRenderer(
              prompt, model.chatTemplate(), Clock.systemDefaultZone(), inputs.columnNames());
      SpecialTokens specialTokens = new SpecialTokens(located.path(), model, tokenizer);
      specialTokens.requireForPrompts(prompt, renderer);
      AnswerSpecification answer = answer(specification, specialTokens);
      RequestChecker checker = engines.requestChecker(model.config());
      answer.optionalChoices().ifPresent(checker::requireScorable);
      Schema keptSchema = KeptColumns.of(keptColumns(specification, inputs));
      AnswerColumns.outputSchema(
          keptSchema, answer.choices() != null, outputForm(specification).sourceColumns());
      Set<String> columns = new LinkedHashSet<>();
      keptSchema.getFields().forEach(field -> columns.add(field.getName()));
      columns.addAll(renderer.columns());
      inputs.select(List.copyOf(columns));
      return new PreparedJob(
          specification,
          inputs,
          List.copyOf(columns),
          keptSchema,
          located,
          prompt,
          answer,
          engines,
          promptLimit(checker, answer.optionalChoices()),
          JobIdentity.of(specification, keptSchema, located.identity()));
    } catch (IOException | TemplateSyntaxException | IllegalArgumentException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ParquetInputs inspect(String path) throws IOException {
    try {
      return ParquetInputs.inspect(path);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new InvalidJobException(failure.get().message("input.path " + path), e);
      }
      throw e;
    }
  }

  private static ModelDescription describe(Path modelPath) {
    try {
      return ModelFormats.describe(modelPath);
    } catch (ModelFormatException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Tokenizer tokenizer(Path modelPath, ModelDescription model) {
    try {
      return Tokenizers.open(model.tokenizerSource());
    } catch (ModelFormatException e) {
      throw new InvalidJobException(modelPath + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks that the model has its weights, and that the kept columns can be written.
   *
   * @throws InvalidJobException if not
   */
  void requireAnswerable() {
    try (ModelFiles files = ModelFormats.open(model.path())) {
      LOG.debug("{} can be opened", files.path());
      InferJob.sink(this, Ownership.UNDISPUTED, specification.output().path());
    } catch (ModelFormatException | IllegalArgumentException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private static PromptLimit promptLimit(RequestChecker checker, Optional<Choices> choices) {
    return new PromptLimit(
        checker.maxPromptTokens(choices),
        checker.isBoundByCache(choices)
            ? "the KV cache (engine.kv-cache-memory)"
            : "the model's context");
  }

  private static PromptSpecification prompt(JobSpecification.Prompt prompt) {
    if (prompt instanceof JobSpecification.ChatPrompt chat) {
      return new PromptSpecification(chat.system().orElse(null), chat.user(), null);
    }
    return new PromptSpecification(null, null, ((JobSpecification.TextPrompt) prompt).text());
  }

  private static AnswerSpecification answer(
      JobSpecification specification, SpecialTokens specialTokens) {
    @Nullable Choices choices = null;
    if (specification.answer() instanceof JobSpecification.ChoiceAnswer choice) {
      choices =
          Choices.of(
              choice.choices(),
              specialTokens.tokenizer(),
              specialTokens::endOfTurn,
              choice.normalizeByLength());
    }
    return new AnswerSpecification(
        choices, specification.sampling(), specification.plan().shareDuplicates());
  }

  private static ParquetColumns keptColumns(JobSpecification specification, ParquetInputs inputs)
      throws IOException {
    return specification.output().columns().isPresent()
        ? inputs.select(specification.output().columns().get())
        : inputs.select();
  }

  /** The same job over some of the files. */
  PreparedJob over(ParquetInputs files) {
    return with(files, keptSchema);
  }

  /**
   * The same job, its output's schema what it was in earlier runs.
   *
   * @param plans of the earlier runs
   * @throws InvalidJobException naming a column whose values do not go together with earlier ones
   */
  PreparedJob continuing(List<CompletePlan> plans) throws IOException {
    return with(inputs, KeptColumns.of(keptColumns(specification, inputs), plans));
  }

  private PreparedJob with(ParquetInputs files, Schema kept) {
    return new PreparedJob(
        specification,
        files,
        columnsRead,
        kept,
        model,
        prompt,
        answer,
        engines,
        promptLimit,
        identity);
  }

  /** Tokens that an answer has, about: half of the most that free text may have. */
  int expectedAnswerTokens() {
    return answer.choices() == null
        ? Math.max(1, answer.sampling().maxTokens() / 2)
        : TOKENS_OF_CHOICE;
  }

  /** The schema of answered rows. */
  Schema outputSchema() {
    return AnswerColumns.outputSchema(
        keptSchema, answer.choices() != null, outputForm().sourceColumns());
  }

  OutputForm outputForm() {
    return outputForm(specification);
  }

  /** Rows that are to be brought into order say where they come from until they are. */
  private static OutputForm outputForm(JobSpecification specification) {
    return new OutputForm(
        specification.output().sourceColumns() || specification.output().order() == OutputOrder.INPUT,
        specification.errors().path().isPresent());
  }

  /**
   * How many rows may fail, and none known to have done so.
   *
   * @param rows of which so many may
   */
  ErrorBound errorBound(long rows) {
    JobSpecification.Errors errors = specification.errors();
    return ErrorBound.of(errors.maxFraction(), errors.maxRows().orElse(Long.MAX_VALUE), rows);
  }

  int lookAheadRows() {
    return LOOK_AHEAD * specification.engine().maxRunningSequences();
  }
}
