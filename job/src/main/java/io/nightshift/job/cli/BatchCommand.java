package io.nightshift.job.cli;

import io.nightshift.job.batch.BatchRun;
import io.nightshift.job.options.BatchFiles;
import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.runtime.config.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers an OpenAI batch file. */
@Command(
    name = "batch",
    description = "Answer every line of a batch file in OpenAI's format; see docs/batch.md.")
final class BatchCommand implements Callable<Integer> {
  private final Pipeline pipeline;
  private final ProgressDisplay progress;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--input",
      required = true,
      paramLabel = "IN.jsonl",
      description = "The batch file, or a folder or glob of such, on any Flink file system.")
  private String input = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "OUT.jsonl",
      description =
          "File for the responses, on any Flink file system. Answers are kept in a folder beside"
              + " it, OUT.jsonl.answers, from which the same command resumes.")
  private String output = "";

  @Option(
      names = "--errors",
      paramLabel = "ERR.jsonl",
      description = "File for error responses. Without it, they are among the others.")
  private @Nullable String errors;

  @Option(
      names = "--model",
      required = true,
      description = "Hub name (hf:OWNER/NAME), Hugging Face folder or .gguf file.")
  private String model = "";

  @Option(names = "--device", description = "cpu or cuda; the same as --set model.device=...")
  private @Nullable Device device;

  @Option(
      names = "--served-model-name",
      paramLabel = "NAME",
      description =
          "Name that bodies may call the model by, instead of those of its path. May be repeated.")
  private List<String> servedModelNames = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Set an option of docs/options.md, for instance model.dtype=f32, or a default of bodies,"
              + " such as sampling.temperature=0 and answer.max-tokens=200. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--fresh",
      description = "Keep the answers of an earlier run, and answer all lines again.")
  private boolean fresh;

  BatchCommand(Pipeline pipeline, ProgressDisplay progress) {
    this.pipeline = pipeline;
    this.progress = progress;
  }

  @Override
  public Integer call() throws Exception {
    BatchRun batch = BatchRun.of(input, output, Optional.ofNullable(errors));
    BatchFiles files =
        new BatchFiles(
            input,
            batch.answers(),
            model,
            servedModelNames,
            Optional.ofNullable(device).map(Device::toString));
    Pipeline.Start start = fresh ? Pipeline.Start.FRESH : Pipeline.Start.CONTINUE;
    spec.commandLine().getOut().print(batch.run(files, overrides, pipeline, start, progress));
    spec.commandLine().getOut().flush();
    return Outcome.DONE;
  }
}
