package io.nightshift.job.cli;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.storage.PathText;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plans a job and prints what it would compute. */
@Command(
    name = "plan",
    description =
        "Print what a job has to compute: rows, tokens, shared prefixes. Needs no model weights.")
final class PlanCommand implements Callable<Integer> {
  private final Pipeline pipeline;
  private final ProgressDisplay progress;

  @Option(
      names = "--measured",
      paramLabel = "OUTPUT_OR_RUN",
      description =
          "Estimate energy, time of GPUs and cost by what a run took: the folder of its answers,"
              + " or its record. Without it: by the last run of the job's own output.")
  private @Nullable String measured;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JobArguments job = new JobArguments();

  PlanCommand(Pipeline pipeline, ProgressDisplay progress) {
    this.pipeline = pipeline;
    this.progress = progress;
  }

  @Override
  public Integer call() throws Exception {
    JobSpecification read = job.read();
    spec.commandLine().getOut().print(pipeline.plan(read, measuredRun(), progress).text());
    spec.commandLine().getOut().flush();
    return Outcome.DONE;
  }

  private Optional<Path> measuredRun() {
    try {
      return Optional.ofNullable(measured).map(PathText::parse);
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException("--measured " + e.getMessage(), e);
    }
  }
}
