package io.nightshift.job.cli;

import io.nightshift.job.draft.JobDraft;
import io.nightshift.job.draft.SampledInput;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.storage.PathText;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a job file for an input, to be completed. */
@Command(
    name = "init",
    description =
        "Write a job file with comments for the columns of an input: its texts are in the prompt,"
            + " labels are to be filled in.")
final class InitCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DATA",
      description = "Parquet or JSON Lines: a file, a folder or a glob on any Flink file system.")
  private String data = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "JOB.yaml",
      defaultValue = "job.yaml",
      description =
          "The job file, a local one that does not exist yet; ${DEFAULT-VALUE} by default.")
  private String output = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    Path file = localFile();
    requireNone(file);
    write(file, new JobDraft(sample(), ShellWord.of(output)).text());
    spec.commandLine()
        .getOut()
        .printf(
            "Wrote %s. Change what says CHANGE in it, then: nightshift plan %s%n",
            output, ShellWord.of(output));
    spec.commandLine().getOut().flush();
    return Outcome.DONE;
  }

  private Path localFile() {
    try {
      if (!output.isBlank() && !output.contains("://")) {
        return Path.of(output);
      }
    } catch (InvalidPathException e) {
      throw new InvalidJobException("--output is not the name of a file: " + output, e);
    }
    throw new InvalidJobException(
        "--output must be the name of a local file, but is '" + output + "'");
  }

  /** Before the input is read, which may take long. */
  private void requireNone(Path file) {
    if (Files.exists(file)) {
      throw exists();
    }
  }

  private InvalidJobException exists() {
    return new InvalidJobException(
        output + " exists; give another name with -o, or delete it to have a new one");
  }

  private SampledInput sample() {
    try {
      return SampledInput.read(data, PathText.parse(data).toString());
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      throw new InvalidJobException(
          StorageFailure.of(e)
              .map(failure -> failure.message(data))
              .orElseGet(() -> String.valueOf(e.getMessage())),
          e);
    }
  }

  private void write(Path file, String text) throws IOException {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw exists();
    } catch (NoSuchFileException e) {
      throw new InvalidJobException(
          "the folder of " + output + " does not exist; create it, or give another name with -o",
          e);
    }
  }
}
