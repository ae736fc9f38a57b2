package io.nightshift.job;

import io.nightshift.job.progress.ProgressDisplay;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a job and prints what it did. */
@Command(name = "run", description = "Answer every row of a job's input.")
final class RunCommand implements Callable<Integer> {
  private final Pipeline pipeline;
  private final ProgressDisplay progress;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JobArguments job = new JobArguments();

  RunCommand(Pipeline pipeline, ProgressDisplay progress) {
    this.pipeline = pipeline;
    this.progress = progress;
  }

  @Override
  public Integer call() throws Exception {
    spec.commandLine().getOut().print(pipeline.run(job.read(), progress).text());
    spec.commandLine().getOut().flush();
    return Outcome.DONE;
  }
}
