package io.nightshift.job.run;

import io.nightshift.job.options.AnswerOptions;
import io.nightshift.job.options.AnswerWhitespace;
import io.nightshift.job.options.CostOptions;
import io.nightshift.job.options.EngineOptions;
import io.nightshift.job.options.ErrorOptions;
import io.nightshift.job.options.EvaluateOptions;
import io.nightshift.job.options.InputOptions;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.JobSpecification.BodyAnswer;
import io.nightshift.job.options.JobSpecification.ChatPrompt;
import io.nightshift.job.options.JobSpecification.ChoiceAnswer;
import io.nightshift.job.options.JobSpecification.ConstrainedAnswer;
import io.nightshift.job.options.JobSpecification.EmbeddingAnswer;
import io.nightshift.job.options.JobSpecification.GeneratedAnswer;
import io.nightshift.job.options.JobSpecification.MessagesPrompt;
import io.nightshift.job.options.JobSpecification.TextPrompt;
import io.nightshift.job.options.ModelOptions;
import io.nightshift.job.options.OutputOptions;
import io.nightshift.job.options.PlanOptions;
import io.nightshift.job.options.PromptOptions;
import io.nightshift.job.options.SamplingOptions;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.ConstraintSpecification.JsonSchema;
import io.nightshift.runtime.constraint.ConstraintSpecification.Regex;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.flink.configuration.ConfigOption;

/**
 * How each option affects the answers. Every option of a job file is in exactly one of these
 * collections.
 */
final class OptionRoles {
  private OptionRoles() {}

  /**
   * Options whose value decides what the answers say or how they are laid out: jobs that differ in
   * one must not write to the same output. The functions give the value; empty if the option does
   * not apply to the job, so that its value makes no difference.
   */
  static final Map<ConfigOption<?>, Function<JobSpecification, Optional<?>>> DECISIVE = decisive();

  /** Options that count by what they resolve to, not by their value: see {@link JobIdentity}. */
  static final Set<ConfigOption<?>> RESOLVED =
      Set.of(
          ModelOptions.PATH, ModelOptions.REVISION, OutputOptions.COLUMNS, EvaluateOptions.COLUMN);

  /**
   * Options that may change between runs over the same output, for these reasons.
   *
   * <ul>
   *   <li>JobPaths: rows are known by file and number, and a folder that has moved is the same. A
   *       file has one format.
   *   <li>Limits on errors and memory, and placement of tasks: they decide whether a row or a job
   *       can be computed, not what comes out.
   *   <li>Sizes of blocks, steps and batches, threads: they change the order of floating-point sums
   *       only, as the other rows of a batch do.
   *   <li>The report, and sizes and compression of files: readers take files of several kinds in
   *       one folder.
   *   <li>Work units, and answers that rows of the same prompt share: an answer is shared only if
   *       the prompt alone decides it.
   *   <li>What a run is compared with, and what it costs: they are about the answers.
   * </ul>
   */
  static final Set<ConfigOption<?>> INDIFFERENT =
      Set.of(
          InputOptions.PATH,
          InputOptions.FORMAT,
          OutputOptions.PATH,
          OutputOptions.FILE_SIZE,
          OutputOptions.AUTO_COMPACTION,
          OutputOptions.COMPRESSION,
          OutputOptions.ROW_GROUP_SIZE,
          OutputOptions.REPORT,
          ErrorOptions.MAX_FRACTION,
          ErrorOptions.MAX_ROWS,
          EngineOptions.KV_CACHE_MEMORY,
          EngineOptions.HOST_KV_CACHE_MEMORY,
          EngineOptions.MEMORY_LIMIT,
          EngineOptions.GPUS,
          EngineOptions.SLOT_CPU_CORES,
          EngineOptions.SLOT_HEAP_MEMORY,
          EngineOptions.SLOT_OFF_HEAP_MEMORY,
          EngineOptions.BLOCK_SIZE,
          EngineOptions.MAX_STEP_TOKENS,
          EngineOptions.MAX_RUNNING_SEQUENCES,
          EngineOptions.THREADS,
          PlanOptions.UNIT_TOKENS,
          PlanOptions.SHARE_DUPLICATES,
          PlanOptions.TOKENS_PER_SECOND,
          PlanOptions.FOLDER,
          EvaluateOptions.FIELD,
          CostOptions.GPU_HOUR,
          CostOptions.KWH,
          CostOptions.CURRENCY);

  private static Map<ConfigOption<?>, Function<JobSpecification, Optional<?>>> decisive() {
    Map<ConfigOption<?>, Function<JobSpecification, Optional<?>>> options = new LinkedHashMap<>();
    options.put(ModelOptions.DEVICE, job -> Optional.of(job.engine().config().device()));
    options.put(ModelOptions.DTYPE, job -> Optional.of(job.engine().config().dtype()));
    options.put(
        EngineOptions.TENSOR_PARALLEL, job -> Optional.of(job.engine().config().tensorParallel()));
    options.put(
        EngineOptions.MIXED_DEVICES, job -> Optional.of(!job.engine().mixedDevices().isEmpty()));
    options.put(EngineOptions.FP8_KV_CACHE, job -> Optional.of(job.engine().config().fp8KvCache()));
    options.put(
        EngineOptions.FORCED_TOKENS,
        job -> constraint(job).map(given -> job.engine().config().forcedTokens()));
    options.put(PromptOptions.SYSTEM, job -> chat(job).flatMap(ChatPrompt::system));
    options.put(PromptOptions.USER, job -> chat(job).map(ChatPrompt::user));
    options.put(
        PromptOptions.MESSAGES,
        job -> part(job.prompt(), MessagesPrompt.class, MessagesPrompt::column));
    options.put(
        PromptOptions.TEMPLATE_OPTIONS,
        job -> Optional.of(job.prompt().templateOptions()).filter(given -> !given.isEmpty()));
    options.put(PromptOptions.TEXT, job -> part(job.prompt(), TextPrompt.class, TextPrompt::text));
    options.put(
        AnswerOptions.CHOICES,
        job -> part(job.answer(), ChoiceAnswer.class, ChoiceAnswer::choices));
    options.put(
        AnswerOptions.NORMALIZE_BY_LENGTH,
        job -> part(job.answer(), ChoiceAnswer.class, ChoiceAnswer::normalizeByLength));
    options.put(
        AnswerOptions.MAX_TOKENS,
        job ->
            part(job.answer(), GeneratedAnswer.class, GeneratedAnswer::maxTokens)
                .or(() -> maxTokensOfBodies(job)));
    options.put(
        AnswerOptions.EMBEDDING_POOLING, job -> embedding(job).map(EmbeddingParameters::pooling));
    options.put(
        AnswerOptions.EMBEDDING_NORMALIZE,
        job -> embedding(job).map(EmbeddingParameters::normalize));
    options.put(
        AnswerOptions.EMBEDDING_DIMENSIONS,
        job -> embedding(job).map(EmbeddingParameters::dimensions));
    options.put(
        AnswerOptions.EMBEDDING_TYPE,
        job -> part(job.answer(), EmbeddingAnswer.class, EmbeddingAnswer::type));
    options.put(
        AnswerOptions.REGEX,
        job -> constraint(job).flatMap(given -> part(given, Regex.class, Regex::pattern)));
    options.put(AnswerOptions.JSON_SCHEMA, job -> jsonSchema(job).map(JsonSchema::schema));
    options.put(
        AnswerOptions.WHITESPACE,
        job ->
            jsonSchema(job)
                .map(
                    schema ->
                        schema.spaces() ? AnswerWhitespace.SPACES : AnswerWhitespace.COMPACT));
    options.put(
        AnswerOptions.FIELD_PROBABILITIES,
        job ->
            jsonSchema(job)
                .flatMap(
                    schema ->
                        part(
                            job.answer(),
                            ConstrainedAnswer.class,
                            ConstrainedAnswer::fieldProbabilities)));
    options.put(AnswerOptions.REASONING, job -> Optional.of(job.reasoning().mode()));
    options.put(AnswerOptions.REASONING_MARKS, job -> job.reasoning().marks());
    options.put(
        AnswerOptions.REASONING_MAX_TOKENS,
        job -> Optional.of(job.reasoning().maxTokens().orElse(0)));
    options.put(
        AnswerOptions.LOGPROBS,
        job ->
            sampling(job)
                .filter(SamplingParameters::logprobs)
                .map(SamplingParameters::topLogprobs));
    options.put(
        SamplingOptions.TEMPERATURE, job -> sampling(job).map(SamplingParameters::temperature));
    options.put(
        SamplingOptions.REPETITION_PENALTY,
        job -> sampling(job).map(SamplingParameters::repetitionPenalty));
    options.put(SamplingOptions.STOP, job -> sampling(job).map(SamplingParameters::stop));
    options.put(SamplingOptions.TOP_K, job -> drawing(job).map(SamplingParameters::topK));
    options.put(SamplingOptions.TOP_P, job -> drawing(job).map(SamplingParameters::topP));
    options.put(SamplingOptions.MIN_P, job -> drawing(job).map(SamplingParameters::minP));
    options.put(SamplingOptions.SEED, job -> drawing(job).map(SamplingParameters::seed));
    options.put(OutputOptions.SOURCE_COLUMNS, job -> Optional.of(job.output().sourceColumns()));
    options.put(OutputOptions.ORDER, job -> Optional.of(job.output().order()));
    options.put(ErrorOptions.PATH, job -> job.errors().path().map(Object::toString));
    return options;
  }

  private static Optional<ChatPrompt> chat(JobSpecification job) {
    return part(job.prompt(), ChatPrompt.class, prompt -> prompt);
  }

  private static Optional<EmbeddingParameters> embedding(JobSpecification job) {
    return part(job.answer(), EmbeddingAnswer.class, EmbeddingAnswer::parameters)
        .or(() -> part(job.answer(), BodyAnswer.class, BodyAnswer::embedding));
  }

  private static Optional<Integer> maxTokensOfBodies(JobSpecification job) {
    return part(job.answer(), BodyAnswer.class, answer -> answer.maxTokens().orElse(0));
  }

  private static Optional<ConstraintSpecification> constraint(JobSpecification job) {
    return part(job.answer(), ConstrainedAnswer.class, ConstrainedAnswer::constraint);
  }

  private static Optional<JsonSchema> jsonSchema(JobSpecification job) {
    return constraint(job).flatMap(given -> part(given, JsonSchema.class, schema -> schema));
  }

  /** How the tokens of generated answers are chosen; choices are scored. */
  private static Optional<SamplingParameters> sampling(JobSpecification job) {
    return part(job.answer(), GeneratedAnswer.class, answer -> job.sampling())
        .or(() -> part(job.answer(), BodyAnswer.class, answer -> job.sampling()));
  }

  /** How tokens are drawn; greedy decoding draws none, unless a body asks for it. */
  private static Optional<SamplingParameters> drawing(JobSpecification job) {
    return sampling(job)
        .filter(sampling -> sampling.temperature() > 0 || job.answer() instanceof BodyAnswer);
  }

  private static <T, V> Optional<V> part(Object whole, Class<T> type, Function<T, V> value) {
    return Optional.of(whole).filter(type::isInstance).map(type::cast).map(value);
  }
}
