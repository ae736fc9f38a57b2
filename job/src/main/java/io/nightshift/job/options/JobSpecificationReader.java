package io.nightshift.job.options;

import io.nightshift.job.hub.HubNames;
import io.nightshift.job.options.JobSpecification.Answer;
import io.nightshift.job.options.JobSpecification.ChatPrompt;
import io.nightshift.job.options.JobSpecification.ChoiceAnswer;
import io.nightshift.job.options.JobSpecification.Engine;
import io.nightshift.job.options.JobSpecification.Errors;
import io.nightshift.job.options.JobSpecification.FreeAnswer;
import io.nightshift.job.options.JobSpecification.Input;
import io.nightshift.job.options.JobSpecification.Model;
import io.nightshift.job.options.JobSpecification.Output;
import io.nightshift.job.options.JobSpecification.Plan;
import io.nightshift.job.options.JobSpecification.Prompt;
import io.nightshift.job.options.JobSpecification.Slot;
import io.nightshift.job.options.JobSpecification.TextPrompt;
import io.nightshift.job.storage.PathText;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.Path;

/** Makes a {@link JobSpecification} from settings, with every check that needs no file. */
final class JobSpecificationReader {
  /** In object storage a key of its own, which Flink's paths make another key of. */
  private static final Pattern EMPTY_NAME = Pattern.compile("(s3a?|gs|abfss?)://[^/]*(/.*)?//.*");

  /** Columns that the output has beside the kept ones. */
  private static final Set<String> ANSWER_COLUMNS =
      Set.of(
          "completion",
          "finish_reason",
          "choice_probabilities",
          "prompt_tokens",
          "cached_tokens",
          "output_tokens",
          "error_code",
          "error_message");

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

  JobSpecificationReader(JobSettings settings) {
    this.settings = settings;
    this.checks = new Checks(settings);
  }

  JobSpecification read() {
    Input input = new Input(path(InputOptions.PATH, settings.require(InputOptions.PATH)));
    Model model = model();
    Prompt prompt = prompt();
    Answer answer = answer();
    SamplingParameters sampling = sampling(answer);
    Output output = output();
    return new JobSpecification(
        input,
        model,
        prompt,
        answer,
        sampling,
        output,
        errors(),
        engine(model.device()),
        plan(output));
  }

  private Model model() {
    String path = settings.require(ModelOptions.PATH);
    if (HubNames.isHubPath(path) && !HubNames.isValid(path)) {
      throw settings.error(
          ModelOptions.PATH,
          "is no hub name: "
              + path
              + "; write hf:OWNER/NAME, for instance hf:HuggingFaceTB/SmolLM2-135M-Instruct");
    }
    if (!path.startsWith("hf:")) {
      path(ModelOptions.PATH, path);
    }
    Device device = settings.require(ModelOptions.DEVICE);
    DataType dtype = settings.get(ModelOptions.DTYPE);
    if (!dtype.runsOn(device)) {
      throw settings.error(
          ModelOptions.DTYPE, "is " + dtype + ", which model.device " + device + " does not have");
    }
    return new Model(path, revision(path), device, dtype);
  }

  private String revision(String modelPath) {
    String revision = settings.get(ModelOptions.REVISION);
    if (settings.isGiven(ModelOptions.REVISION) && !HubNames.isHubPath(modelPath)) {
      throw settings.error(
          ModelOptions.REVISION, "means nothing without a hub name in model.path; remove it");
    }
    if (!HubNames.isRevision(revision)) {
      throw settings.error(
          ModelOptions.REVISION,
          "is no branch, tag or commit: "
              + revision
              + "; write one that the model's page lists, such as main or refs/pr/1");
    }
    return revision;
  }

  private Prompt prompt() {
    Optional<String> text = settings.find(PromptOptions.TEXT);
    checks.exclusive(PromptOptions.TEXT, PromptOptions.USER);
    checks.exclusive(PromptOptions.TEXT, PromptOptions.SYSTEM);
    if (text.isPresent()) {
      return new TextPrompt(text.get());
    }
    return new ChatPrompt(
        settings.find(PromptOptions.SYSTEM), settings.require(PromptOptions.USER));
  }

  private Answer answer() {
    checks.notYet(AnswerOptions.REGEX, "list the answers in answer.choices");
    checks.notYet(AnswerOptions.JSON_SCHEMA, "list the answers in answer.choices");
    Optional<List<String>> choices = settings.find(AnswerOptions.CHOICES);
    if (choices.isEmpty()) {
      if (settings.isGiven(AnswerOptions.NORMALIZE_BY_LENGTH)) {
        throw settings.error(
            AnswerOptions.NORMALIZE_BY_LENGTH,
            "means nothing without answer.choices; remove it or give choices");
      }
      return new FreeAnswer(checks.atLeast(AnswerOptions.MAX_TOKENS, 1));
    }
    checks.exclusive(AnswerOptions.CHOICES, AnswerOptions.MAX_TOKENS);
    checks.distinctTexts(AnswerOptions.CHOICES, choices.get());
    if (choices.get().size() < 2) {
      throw settings.error(
          AnswerOptions.CHOICES, "needs two choices or more, but has " + choices.get().size());
    }
    return new ChoiceAnswer(choices.get(), settings.get(AnswerOptions.NORMALIZE_BY_LENGTH));
  }

  private SamplingParameters sampling(Answer answer) {
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
            answer instanceof FreeAnswer free ? free.maxTokens() : 1,
            stop,
            false,
            false);
    if (answer instanceof ChoiceAnswer) {
      SAMPLING_OPTIONS.forEach(this::requireDefaultWithChoices);
    }
    return sampling;
  }

  private void requireDefaultWithChoices(ConfigOption<?> option) {
    if (!settings.get(option).equals(option.defaultValue())) {
      throw settings.error(
          option,
          "has no effect with answer.choices, which are scored and not sampled; remove one of them");
    }
  }

  private Output output() {
    Path path = path(OutputOptions.PATH, settings.require(OutputOptions.PATH));
    Optional<List<String>> columns = settings.find(OutputOptions.COLUMNS);
    columns.ifPresent(this::checkColumns);
    return new Output(
        path,
        columns,
        settings.get(OutputOptions.SOURCE_COLUMNS),
        order(),
        checks.atLeast(OutputOptions.FILE_SIZE, MemorySize.ofMebiBytes(1)),
        autoCompaction(),
        settings.get(OutputOptions.COMPRESSION),
        checks.atLeast(OutputOptions.ROW_GROUP_SIZE, MemorySize.ofMebiBytes(1)));
  }

  private OutputOrder order() {
    return settings.get(OutputOptions.ORDER);
  }

  private boolean autoCompaction() {
    boolean wanted = settings.get(OutputOptions.AUTO_COMPACTION);
    if (order() == OutputOrder.INPUT) {
      if (settings.isGiven(OutputOptions.AUTO_COMPACTION)) {
        throw settings.error(
            OutputOptions.AUTO_COMPACTION,
            "has no effect with output.order input, which writes files of output.file-size; remove"
                + " it");
      }
    } else if (!wanted && settings.isGiven(OutputOptions.FILE_SIZE)) {
      throw settings.error(
          OutputOptions.FILE_SIZE,
          "has no effect with output.auto-compaction false: files end with each checkpoint; remove"
              + " one of them");
    }
    return wanted;
  }

  private void checkColumns(List<String> columns) {
    checks.distinctTexts(OutputOptions.COLUMNS, columns);
    for (String column : columns) {
      if (ANSWER_COLUMNS.contains(column)) {
        throw settings.error(
            OutputOptions.COLUMNS,
            "names " + column + ", which the answer has a column of; leave it out or rename it");
      }
    }
  }

  private Errors errors() {
    double maxFraction = checks.between(ErrorOptions.MAX_FRACTION, 0.0, 1.0);
    Optional<Long> maxRows = settings.find(ErrorOptions.MAX_ROWS);
    if (maxRows.isPresent()) {
      checks.atLeast(ErrorOptions.MAX_ROWS, 0L);
    }
    return new Errors(
        maxFraction,
        maxRows.map(OptionalLong::of).orElse(OptionalLong.empty()),
        settings.find(ErrorOptions.PATH).map(path -> path(ErrorOptions.PATH, path)));
  }

  Engine engine(Device device) {
    EngineDefaults defaults = EngineDefaults.of(device);
    int blockSize = checks.between(EngineOptions.BLOCK_SIZE, 4, 256);
    if (Integer.bitCount(blockSize) != 1) {
      throw settings.error(
          EngineOptions.BLOCK_SIZE, "is " + blockSize + ", but must be a power of two");
    }
    Optional<Integer> threads = settings.find(EngineOptions.THREADS);
    if (threads.isPresent()) {
      checks.between(EngineOptions.THREADS, 1, 4096);
    }
    if (settings.get(EngineOptions.FP8_KV_CACHE) && device != Device.CUDA) {
      throw settings.error(EngineOptions.FP8_KV_CACHE, "needs model.device cuda");
    }
    return new Engine(
        keyValueCacheMemory().or(defaults::keyValueCacheMemory),
        settings.find(EngineOptions.MEMORY_LIMIT),
        settings.get(EngineOptions.FP8_KV_CACHE),
        checks.between(EngineOptions.GPU, 0, 1023),
        blockSize,
        settings.find(EngineOptions.MAX_STEP_TOKENS).isPresent()
            ? checks.between(EngineOptions.MAX_STEP_TOKENS, 1, 1 << 20)
            : defaults.maxStepTokens(),
        settings.find(EngineOptions.MAX_RUNNING_SEQUENCES).isPresent()
            ? checks.between(EngineOptions.MAX_RUNNING_SEQUENCES, 1, 1 << 16)
            : defaults.maxRunningSequences(),
        threads.map(OptionalInt::of).orElse(OptionalInt.empty()),
        slot(device));
  }

  private Optional<Slot> slot(Device device) {
    Optional<Double> cores = settings.find(EngineOptions.SLOT_CPU_CORES);
    Optional<MemorySize> heap = settings.find(EngineOptions.SLOT_HEAP_MEMORY);
    Optional<MemorySize> offHeap = settings.find(EngineOptions.SLOT_OFF_HEAP_MEMORY);
    if (cores.isEmpty() && heap.isEmpty() && offHeap.isEmpty()) {
      return Optional.empty();
    }
    requirePart(EngineOptions.SLOT_CPU_CORES, cores);
    return Optional.of(
        new Slot(
            checks.positive(EngineOptions.SLOT_CPU_CORES, 4096),
            requirePart(EngineOptions.SLOT_HEAP_MEMORY, heap),
            requirePart(EngineOptions.SLOT_OFF_HEAP_MEMORY, offHeap),
            device == Device.CUDA ? 1 : 0));
  }

  private <T> T requirePart(ConfigOption<T> option, Optional<T> value) {
    return value.orElseThrow(
        () -> settings.error(option, "is missing: the three options of a slot go together"));
  }

  private Optional<MemorySize> keyValueCacheMemory() {
    return settings.find(EngineOptions.KV_CACHE_MEMORY).isPresent()
        ? Optional.of(checks.atLeast(EngineOptions.KV_CACHE_MEMORY, MemorySize.ofMebiBytes(1)))
        : Optional.empty();
  }

  private Plan plan(Output output) {
    Path folder =
        settings
            .find(PlanOptions.FOLDER)
            .map(value -> path(PlanOptions.FOLDER, value))
            .orElseGet(() -> new Path(output.path(), "_nightshift"));
    Optional<Double> rate = settings.find(PlanOptions.TOKENS_PER_SECOND);
    if (rate.isPresent()) {
      checks.between(PlanOptions.TOKENS_PER_SECOND, 1e-3, 1e12);
    }
    return new Plan(
        checks.atLeast(PlanOptions.UNIT_TOKENS, 1),
        settings.get(PlanOptions.SHARE_DUPLICATES),
        rate.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        folder);
  }

  private Path path(ConfigOption<String> option, String value) {
    if (EMPTY_NAME.matcher(value).matches()) {
      throw settings.error(
          option,
          "has an empty name between two slashes, which Flink's file systems cannot reach: "
              + value
              + "; remove one of the slashes");
    }
    try {
      return PathText.parse(value);
    } catch (IllegalArgumentException e) {
      throw settings.error(option, String.valueOf(e.getMessage()));
    }
  }
}
