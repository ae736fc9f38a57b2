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

  /** bash, unlike zsh, has an option's value as a word of its own. */
  private static final String ZSH =
      """

      # zsh has --option=value as one word: complete the value as if a blank were before it.
      if [ -n "$ZSH_VERSION" ]; then
        function _zsh_nightshift() {
          if [[ "${words[CURRENT]}" == --*=* ]]; then
            words[CURRENT]=("${words[CURRENT]%%=*}" "${words[CURRENT]#*=}")
            ((CURRENT += 1))
            compset -P '*='
          fi
          _bash_complete -o default -F _complete_nightshift
        }
        compdef _zsh_nightshift nightshift
      fi
      """;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash(root.getCommandName(), root).replace(NO_FILES, FILES));
    out.print(ZSH);
    out.flush();
    return Outcome.DONE;
  }
}
