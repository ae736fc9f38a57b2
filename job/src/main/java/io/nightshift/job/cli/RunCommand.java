package io.nightshift.job.cli;

import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.progress.ProgressDisplay;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a job and prints a report. */
@Command(name = "run", description = "Answer every row of a job's input.")
final class RunCommand implements Callable<Integer> {
  private final Pipeline pipeline;
  private final ProgressDisplay progress;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JobArguments job = new JobArguments();

  @Option(
      names = "--fresh",
      description =
          "Keep the answers in output.path, and write all answers to a new folder beside it.")
  private boolean fresh;

  RunCommand(Pipeline pipeline, ProgressDisplay progress) {
    this.pipeline = pipeline;
    this.progress = progress;
  }

  @Override
  public Integer call() throws Exception {
    Pipeline.Start start = fresh ? Pipeline.Start.FRESH : Pipeline.Start.CONTINUE;
    spec.commandLine().getOut().print(pipeline.run(job.read(), start, progress).text());
    spec.commandLine().getOut().flush();
    return Outcome.DONE;
  }
}
