package io.nightshift.job.options;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A whole job, validated: every value is in its range, options that exclude each other are not both
 * given. Whether files, columns and the model exist is for the pipeline to check.
 *
 * @param input files to read
 * @param model the model
 * @param prompt what prompts are made from
 * @param answer form of an answer
 * @param reasoning what becomes of the model's reasoning
 * @param sampling how the tokens of a free-text answer are sampled; its seed is the job's, from
 *     which that of each row is derived
 * @param output files to write
 * @param errors how many rows may fail
 * @param engine the inference engine of one task, with device and precision
 * @param plan how rows are grouped into work units
 * @param evaluation what answers are compared with; empty for nothing
 * @param prices of what a run takes
 * @param settings what was given, by key, as text
 */
public record JobSpecification(
    Input input,
    Model model,
    Prompt prompt,
    Answer answer,
    Reasoning reasoning,
    SamplingParameters sampling,
    Output output,
    Errors errors,
    Engine engine,
    Plan plan,
    Optional<Evaluation> evaluation,
    Prices prices,
    Map<String, String> settings) {

  public JobSpecification {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /**
   * Reads and checks a job file.
   *
   * @param file on any Flink file system
   * @param overrides {@code key=value}, lists as in YAML
   * @throws InvalidJobException if the file cannot be read or says something that is wrong
   */
  public static JobSpecification read(Path file, List<String> overrides) {
    return parse(file.getName(), TextFile.read(file, "job file"), overrides);
  }

  /**
   * Checks the text of a job file.
   *
   * @param name of the file, for messages
   * @throws InvalidJobException if it says something that is wrong
   */
  public static JobSpecification parse(String name, String yaml, List<String> overrides) {
    JobSettings settings = new JobSettings(name, YamlSettings.parse(name, yaml), overrides);
    return new JobSpecificationReader(settings).read();
  }

  /**
   * The job that answers a batch file.
   *
   * @param overrides {@code key=value}, lists as in YAML
   * @throws InvalidJobException if an override is wrong, or has no meaning for a batch file
   */
  public static JobSpecification ofBatch(BatchFiles files, List<String> overrides) {
    return BatchSpecificationReader.of(files, overrides).read();
  }

  /**
   * Reads the section {@code engine} without a job file.
   *
   * @param device device whose defaults apply
   * @param overrides {@code engine.KEY=value}
   * @throws InvalidJobException if an override is invalid
   */
  public static Engine parseEngine(Device device, DataType dtype, List<String> overrides) {
    JobSettings settings = new JobSettings("defaults", List.of(), overrides);
    settings.requireSection("engine");
    return new EngineReader(settings, new Checks(settings)).engine(device, dtype);
  }

  /**
   * @param path file, folder or glob
   * @param format of the files
   */
  public record Input(Path path, InputFormat format) {}

  /**
   * @param path hub name ({@code hf:OWNER/NAME}), Hugging Face folder or .gguf file
   * @param revision of a hub name
   */
  public record Model(String path, String revision) {}

  /** What the prompt of a row is made from. */
  public sealed interface Prompt permits ChatPrompt, MessagesPrompt, TextPrompt, BodyPrompt {
    /**
     * Variables for the model's chat template by name: null, Boolean, Number, String, and lists and
     * maps of them.
     */
    Map<String, @Nullable Object> templateOptions();
  }

  /** Jinja templates of messages for the model's own chat template. */
  public record ChatPrompt(
      Optional<String> system, String user, Map<String, @Nullable Object> templateOptions)
      implements Prompt {
    public ChatPrompt {
      templateOptions = Collections.unmodifiableMap(new TreeMap<>(templateOptions));
    }
  }

  /** Messages for the model's own chat template, in a column. */
  public record MessagesPrompt(String column, Map<String, @Nullable Object> templateOptions)
      implements Prompt {
    public MessagesPrompt {
      templateOptions = Collections.unmodifiableMap(new TreeMap<>(templateOptions));
    }
  }

  /** A Jinja template of the whole prompt, without a chat template. */
  public record TextPrompt(String text) implements Prompt {
    @Override
    public Map<String, @Nullable Object> templateOptions() {
      return Map.of();
    }
  }

  /**
   * Each row is a line of a batch file, and its body has the prompt.
   *
   * @param servedModelNames names that bodies may call the model by, the first one that of
   *     responses to bodies that name none
   * @param templateOptions variables for the model's chat template, as {@link ChatPrompt} has them
   */
  public record BodyPrompt(
      List<String> servedModelNames, Map<String, @Nullable Object> templateOptions)
      implements Prompt {
    public BodyPrompt {
      servedModelNames = List.copyOf(servedModelNames);
      templateOptions = Collections.unmodifiableMap(new TreeMap<>(templateOptions));
    }
  }

  /** The form of an answer. */
  public sealed interface Answer
      permits ChoiceAnswer, EmbeddingAnswer, GeneratedAnswer, BodyAnswer {}

  /**
   * What a row's body asks for.
   *
   * @param maxTokens of bodies that do not say; empty for what their endpoint has
   * @param embedding of prompts that are embedded
   */
  public record BodyAnswer(OptionalInt maxTokens, EmbeddingParameters embedding)
      implements Answer {}

  /** One of the choices: two or more, distinct, none blank. */
  public record ChoiceAnswer(List<String> choices, boolean normalizeByLength) implements Answer {
    public ChoiceAnswer {
      choices = List.copyOf(choices);
    }
  }

  /**
   * A vector.
   *
   * @param parameters how it is made; whether the model has as many dimensions is not known yet
   * @param type of its elements in the output
   */
  public record EmbeddingAnswer(EmbeddingParameters parameters, EmbeddingType type)
      implements Answer {}

  /** Text of at most {@code maxTokens} tokens. */
  public sealed interface GeneratedAnswer extends Answer permits FreeAnswer, ConstrainedAnswer {
    int maxTokens();
  }

  /** Any text. */
  public record FreeAnswer(int maxTokens) implements GeneratedAnswer {}

  /**
   * Text that conforms to a constraint.
   *
   * @param constraint not compiled yet; a JSON schema is compact JSON
   */
  public record ConstrainedAnswer(ConstraintSpecification constraint, int maxTokens)
      implements GeneratedAnswer {

    /** Whether enumerated fields of a JSON schema get probabilities. */
    public boolean fieldProbabilities() {
      return constraint.enumeratedFields();
    }
  }

  /**
   * What becomes of the reasoning of a model that thinks before it answers.
   *
   * @param marks the two texts that it stands between; empty for the model's own
   * @param maxTokens maximum number of tokens between them; empty for no limit
   */
  public record Reasoning(ReasoningMode mode, Optional<List<String>> marks, OptionalInt maxTokens) {
    public Reasoning {
      marks = marks.map(List::copyOf);
    }
  }

  /**
   * @param path folder
   * @param columns input columns to keep; empty for all of them
   * @param sourceColumns whether to add the file and row number that each row comes from
   * @param order of the rows
   * @param fileSize at which a file ends
   * @param autoCompaction whether smaller files are merged if rows may be in any order
   * @param rowGroupSize before compression
   * @param report that a run writes at its end
   */
  public record Output(
      Path path,
      Optional<List<String>> columns,
      boolean sourceColumns,
      OutputOrder order,
      MemorySize fileSize,
      boolean autoCompaction,
      Compression compression,
      MemorySize rowGroupSize,
      ReportFormat report) {
    public Output {
      columns = columns.map(List::copyOf);
    }

    /** The same for the answers to a batch file: in the input's order, without a page. */
    Output ofBatch() {
      return new Output(
          path,
          columns,
          sourceColumns,
          OutputOrder.INPUT,
          fileSize,
          autoCompaction,
          compression,
          rowGroupSize,
          ReportFormat.NONE);
    }
  }

  /**
   * @param maxFraction maximum fraction of rows with an error, from 0 to 1
   * @param maxRows maximum number of rows with an error; empty for no limit
   * @param path folder for those rows; empty for the output folder
   */
  public record Errors(double maxFraction, OptionalLong maxRows, Optional<Path> path) {}

  /**
   * @param config configuration of the engine
   * @param gpus of a host that engines use
   * @param slot resources that a task requests from Flink; empty for any slot
   * @param mixedDevices configurations of the engines on TaskManagers that have a device of their
   *     own; empty if none may
   */
  public record Engine(
      EngineConfig config,
      GpuSelection gpus,
      Optional<Slot> slot,
      Map<Device, EngineConfig> mixedDevices) {
    public Engine {
      mixedDevices = Map.copyOf(mixedDevices);
    }
  }

  /**
   * Resources of a slot of Flink's.
   *
   * @param heapMemory of the task
   * @param offHeapMemory of the task
   * @param gpus of Flink's external resource {@code gpu}
   */
  public record Slot(double cpuCores, MemorySize heapMemory, MemorySize offHeapMemory, int gpus) {}

  /**
   * @param unitTokens prompt tokens of a work unit, shared prefixes counted once
   * @param shareDuplicates whether rows with the same prompt share an answer if sampling is greedy
   * @param tokensPerSecond measured throughput of an engine in prompt tokens computed and output
   *     tokens; empty if unknown
   * @param folder for the work units
   */
  public record Plan(
      int unitTokens, boolean shareDuplicates, OptionalDouble tokensPerSecond, Path folder) {}

  /**
   * A comparison of answers with a column of the input.
   *
   * @param column that has the truth
   * @param field JSON pointer of the answer's field that is compared; empty for a choice
   * @param labels texts of the values that an answer may have
   */
  public record Evaluation(String column, Optional<String> field, List<String> labels) {
    public Evaluation {
      labels = List.copyOf(labels);
    }
  }

  /**
   * Prices in one currency; empty if unknown.
   *
   * @param gpuHour of a GPU for an hour
   * @param kilowattHour of energy
   * @param currency its name
   */
  public record Prices(
      OptionalDouble gpuHour, OptionalDouble kilowattHour, Optional<String> currency) {

    /** Whether there are any. */
    public boolean isGiven() {
      return gpuHour.isPresent() || kilowattHour.isPresent();
    }
  }

  /** The model and how it answers. */
  public ModelSpecification answering() {
    return new ModelSpecification(model, prompt, answer, reasoning, sampling, engine);
  }

  /** The column of the truth, if it is kept although {@code output.columns} does not name it. */
  public Optional<String> addedColumn() {
    return evaluation
        .map(Evaluation::column)
        .filter(truth -> output.columns().map(named -> !named.contains(truth)).orElse(false));
  }

  /** The same job with other folders for its answers and its plans. */
  public JobSpecification into(
      Path outputFolder, Optional<Path> failedRowsFolder, Path planFolder) {
    Output there =
        new Output(
            outputFolder,
            output.columns(),
            output.sourceColumns(),
            output.order(),
            output.fileSize(),
            output.autoCompaction(),
            output.compression(),
            output.rowGroupSize(),
            output.report());
    return new JobSpecification(
        input,
        model,
        prompt,
        answer,
        reasoning,
        sampling,
        there,
        new Errors(errors.maxFraction(), errors.maxRows(), failedRowsFolder),
        engine,
        new Plan(plan.unitTokens(), plan.shareDuplicates(), plan.tokensPerSecond(), planFolder),
        evaluation,
        prices,
        settings);
  }
}
