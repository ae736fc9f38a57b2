package io.nightshift.job.cli;

import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.input.NearestName;
import io.nightshift.job.bench.RandomQuantization;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.runtime.bench.Workload;
import io.nightshift.runtime.bench.WorkloadOrder;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.model.random.ModelShape;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds the command that the arguments name, runs it and returns how it ended. */
final class CommandLineInterface {
  private final NightshiftCommand root = new NightshiftCommand();
  private final CommandLine commandLine = new CommandLine(root);
  private @Nullable Outcome failure;

  /**
   * @param commands objects annotated as picocli commands
   * @param out for what commands print
   */
  CommandLineInterface(List<Object> commands, PrintWriter out) {
    commands.forEach(commandLine::addSubcommand);
    commandLine
        .registerConverter(Workload.class, text -> parse(Workload.class, text))
        .registerConverter(ModelShape.class, text -> parse(ModelShape.class, text))
        .registerConverter(RandomQuantization.class, text -> parse(RandomQuantization.class, text))
        .registerConverter(WorkloadOrder.class, text -> parse(WorkloadOrder.class, text))
        .registerConverter(DataType.class, text -> parse(DataType.class, text))
        .registerConverter(Device.class, text -> parse(Device.class, text))
        .setOut(out)
        .setParameterExceptionHandler((exception, arguments) -> refuse(exception))
        .setExecutionExceptionHandler((exception, command, parsed) -> fail(exception));
  }

  /** Enum values are read as they are printed: {@code 8b}, {@code bf16}. */
  private static <E extends Enum<E>> E parse(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> value.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of "
                        + Arrays.toString(type.getEnumConstants())
                        + " but was '"
                        + text
                        + "'"));
  }

  Outcome execute(String... arguments) {
    failure = null;
    int status;
    try {
      requireDecoded(arguments);
      status = commandLine.execute(arguments);
    } catch (ParameterException e) {
      status = refuse(e);
    } catch (Error e) {
      // The user is told of a missing native library or an exhausted heap as well.
      status = fail(e);
    }
    return failure == null
        ? new Outcome(status, Optional.empty(), Optional.empty(), root.debug())
        : failure;
  }

  private void requireDecoded(String... arguments) {
    for (String argument : arguments) {
      if (!LocalFileNames.isDecoded(argument)) {
        throw new ParameterException(
            commandLine, "cannot decode the argument '" + argument + "': " + LocalFileNames.REMEDY);
      }
    }
  }

  private int refuse(ParameterException exception) {
    ParameterException first = misspelled(exception);
    String command = first.getCommandLine().getCommandSpec().qualifiedName();
    String complaint = FailureMessage.oneLine(String.valueOf(first.getMessage()));
    return end(
        Outcome.WRONG_CALL,
        complaint + suggestion(first) + "; see " + command + " --help",
        exception);
  }

  /** A parameter may be missing because its name is misspelled, which explains more. */
  private static ParameterException misspelled(ParameterException exception) {
    CommandLine command = exception.getCommandLine();
    List<String> options =
        command.getUnmatchedArguments().stream().filter(name -> name.startsWith("-")).toList();
    return exception instanceof MissingParameterException && !options.isEmpty()
        ? new UnmatchedArgumentException(command, options)
        : exception;
  }

  private static String suggestion(ParameterException exception) {
    if (!(exception instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    String given = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
    CommandLine command = unmatched.getCommandLine();
    List<String> known =
        given.startsWith("-")
            ? command.getCommandSpec().options().stream().map(OptionSpec::longestName).toList()
            : List.copyOf(command.getSubcommands().keySet());
    return NearestName.of(given, known)
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElse("");
  }

  private int fail(Throwable throwable) {
    boolean wrongJob = FailureMessage.causedBy(throwable, InvalidJobException.class);
    int status = wrongJob ? Outcome.WRONG_CALL : Outcome.JOB_FAILED;
    return end(status, FailureMessage.of(throwable), throwable);
  }

  private int end(int status, String complaint, Throwable cause) {
    failure = Outcome.failed(status, complaint, cause, root.debug());
    return status;
  }
}
