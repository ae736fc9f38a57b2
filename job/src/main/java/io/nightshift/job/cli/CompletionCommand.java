package io.nightshift.job.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes what users type. */
@Command(
    name = "generate-completion",
    description =
        "Print a script that completes commands, options and names of files in bash and zsh:"
            + " source <(nightshift generate-completion)")
final class CompletionCommand implements Callable<Integer> {
  /** picocli turns names of files off where a parameter is not a local file; ours may be both. */
  private static final String NO_FILES = "compopt +o default";

  private static final String FILES = "compopt -o default";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash(root.getCommandName(), root).replace(NO_FILES, FILES));
    out.flush();
    return Outcome.DONE;
  }
}
