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

  /** picocli knows an option's value as the word behind the option's. */
  private static final String EQUALS_SIGNS =
      """

      if [ -n "$ZSH_VERSION" ]; then
        # zsh has --option=value as one word: complete the value as if a blank were before it.
        function _zsh_nightshift() {
          if [[ "${words[CURRENT]}" == --*=* ]]; then
            words[CURRENT]=("${words[CURRENT]%%=*}" "${words[CURRENT]#*=}")
            ((CURRENT += 1))
            compset -P '*='
          fi
          _bash_complete -o default -F _complete_nightshift
        }
        compdef _zsh_nightshift nightshift
      else
        # bash has the sign as a word of its own: leave it out.
        function _bash_nightshift() {
          if [ "${COMP_WORDS[COMP_CWORD]}" = "=" ]; then
            COMP_WORDS[COMP_CWORD]=""
          elif [ "${COMP_WORDS[COMP_CWORD-1]}" = "=" ]; then
            COMP_WORDS=("${COMP_WORDS[@]:0:COMP_CWORD-1}" "${COMP_WORDS[@]:COMP_CWORD}")
            ((COMP_CWORD -= 1))
          fi
          _complete_nightshift
        }
        complete -F _bash_nightshift -o default nightshift
      fi
      """;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash(root.getCommandName(), root).replace(NO_FILES, FILES));
    out.print(EQUALS_SIGNS);
    out.flush();
    return Outcome.DONE;
  }
}
