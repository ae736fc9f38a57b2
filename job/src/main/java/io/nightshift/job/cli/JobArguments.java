package io.nightshift.job.cli;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.storage.PathText;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of a command on a job. */
final class JobArguments {
  @Parameters(
      paramLabel = "JOB.yaml",
      description = "The job file, on any Flink file system. docs/options.md lists its options.")
  private String file = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Override an option of the job file, for instance model.dtype=f32; lists as in YAML:"
              + " 'answer.choices=[yes, no]'. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  /** The job that the arguments describe, checked. */
  JobSpecification read() {
    if (file.isBlank()) {
      throw new InvalidJobException("the job file's name is blank");
    }
    return JobSpecification.read(path(), overrides);
  }

  private Path path() {
    try {
      // A name without a colon stays as it was given, for messages.
      return file.contains(":") ? PathText.parse(file) : new Path(file);
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException("the job file " + e.getMessage(), e);
    }
  }
}
