package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.BodyAnswer;
import io.nightshift.job.options.JobSpecification.BodyPrompt;
import io.nightshift.job.options.JobSpecification.Errors;
import io.nightshift.job.options.JobSpecification.Input;
import io.nightshift.job.options.JobSpecification.Model;
import io.nightshift.job.options.JobSpecification.Output;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;

/** Reads the {@link JobSpecification} of a batch file from the command line. */
final class BatchSpecificationReader {
  /** The default of OpenAI's API. */
  private static final double TEMPERATURE = 1;

  /** Error responses are answers, too. */
  private static final double MAX_ERROR_FRACTION = 1;

  private static final Set<String> SECTIONS = Set.of("model", "sampling", "engine", "plan", "cost");

  /** Options of other sections that have a meaning for a batch file. */
  private static final Set<ConfigOption<?>> OPTIONS =
      Set.of(
          PromptOptions.TEMPLATE_OPTIONS,
          AnswerOptions.MAX_TOKENS,
          AnswerOptions.REASONING,
          AnswerOptions.REASONING_MARKS,
          AnswerOptions.REASONING_MAX_TOKENS,
          AnswerOptions.EMBEDDING_POOLING,
          AnswerOptions.EMBEDDING_NORMALIZE,
          OutputOptions.COMPRESSION,
          ErrorOptions.MAX_FRACTION,
          ErrorOptions.MAX_ROWS);

  private final BatchFiles files;
  private final JobSettings settings;
  private final Checks checks;

  private BatchSpecificationReader(BatchFiles files, JobSettings settings) {
    this.files = files;
    this.settings = settings;
    this.checks = new Checks(settings);
  }

  static BatchSpecificationReader of(BatchFiles files, List<String> overrides) {
    new JobSettings("batch", List.of(), overrides)
        .requireOnly(
            BatchSpecificationReader::hasMeaning,
            "has no meaning for a batch file, whose bodies say what is asked, and whose paths are"
                + " options of the command; remove it");
    List<Setting> written = new ArrayList<>();
    written.add(setting(InputOptions.PATH, PathNames.OF_BATCH_FILE.input(), files.input()));
    written.add(setting(ModelOptions.PATH, "--model", files.model()));
    written.add(
        setting(OutputOptions.PATH, PathNames.OF_BATCH_FILE.output(), files.answers().toString()));
    files
        .device()
        .ifPresent(device -> written.add(setting(ModelOptions.DEVICE, "--device", device)));
    return new BatchSpecificationReader(
        files, new JobSettings("the command line", written, overrides));
  }

  private static boolean hasMeaning(String key) {
    return SECTIONS.contains(key.substring(0, key.indexOf('.')))
            && !key.equals(PlanOptions.FOLDER.key())
        || OPTIONS.stream().anyMatch(option -> option.key().equals(key));
  }

  private static Setting setting(ConfigOption<?> option, String place, String value) {
    return new Setting(option.key(), place, List.of(value), SettingForm.SCALAR);
  }

  JobSpecification read() {
    if (!settings.isGiven(ModelOptions.DEVICE)) {
      throw new InvalidJobException("--device is missing: say cpu or cuda");
    }
    ModelReader models = new ModelReader(settings, checks);
    Model model = models.model();
    DataType dtype = settings.get(ModelOptions.DTYPE);
    Device device = models.device(dtype);
    BodyAnswer answer = answer();
    OutputReader outputs = new OutputReader(settings, checks);
    Output output = outputs.output(answer).ofBatch();
    Errors errors = outputs.errors();
    return new JobSpecification(
        new Input(
            checks.path(InputOptions.PATH, settings.require(InputOptions.PATH)), InputFormat.JSONL),
        model,
        new BodyPrompt(
            servedModelNames(model.path()), settings.values(PromptOptions.TEMPLATE_OPTIONS)),
        answer,
        new ReasoningReader(settings, checks)
            .reasoning(answer, answer.maxTokens().orElse(Integer.MAX_VALUE)),
        sampling(answer),
        output,
        settings.isGiven(ErrorOptions.MAX_FRACTION)
            ? errors
            : new Errors(MAX_ERROR_FRACTION, errors.maxRows(), errors.path()),
        new EngineReader(settings, checks).engine(device, dtype),
        outputs.plan(output),
        Optional.empty(),
        new CostReader(settings, checks).prices(),
        settings.given());
  }

  /** The last name of the path first, then the path itself, and a hub name. */
  private List<String> servedModelNames(String path) {
    if (!files.servedModelNames().isEmpty()) {
      return files.servedModelNames();
    }
    String hubName = path.replaceFirst("^hf:", "");
    String name = hubName.replaceFirst("/+$", "").replaceFirst("^.*/", "");
    return List.of(name, hubName, path).stream().distinct().toList();
  }

  private BodyAnswer answer() {
    OptionalInt maxTokens =
        settings.isGiven(AnswerOptions.MAX_TOKENS)
            ? OptionalInt.of(checks.atLeast(AnswerOptions.MAX_TOKENS, 1))
            : OptionalInt.empty();
    return new BodyAnswer(
        maxTokens,
        new EmbeddingParameters(
            settings.find(AnswerOptions.EMBEDDING_POOLING).orElse(Pooling.LAST),
            0,
            settings.get(AnswerOptions.EMBEDDING_NORMALIZE)));
  }

  private SamplingParameters sampling(BodyAnswer answer) {
    SamplingParameters given = new AnswerReader(settings, checks).sampling(answer);
    return settings.isGiven(SamplingOptions.TEMPERATURE)
        ? given
        : given.withTemperature(TEMPERATURE);
  }
}
