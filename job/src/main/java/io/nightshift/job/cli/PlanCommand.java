package io.nightshift.job.cli;

import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.progress.ProgressDisplay;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Plans a job and prints what it would compute. */
@Command(
    name = "plan",
    description =
        "Print what a job has to compute: rows, tokens, shared prefixes. Needs no model weights.")
final class PlanCommand implements Callable<Integer> {
  private final Pipeline pipeline;
  private final ProgressDisplay progress;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JobArguments job = new JobArguments();

  PlanCommand(Pipeline pipeline, ProgressDisplay progress) {
    this.pipeline = pipeline;
    this.progress = progress;
  }

  @Override
  public Integer call() throws Exception {
    spec.commandLine().getOut().print(pipeline.plan(job.read(), progress).text());
    spec.commandLine().getOut().flush();
    return Outcome.DONE;
  }
}
