package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.BodyPrompt;

/**
 * What the user calls the paths of a job, for messages.
 *
 * @param input option that names the input
 * @param output option that names the folder of the answers, or the file that it is beside
 * @param plan option that names the folder of the work units, or what that is in
 */
public record PathNames(String input, String output, String plan) {
  private static final PathNames OF_JOB_FILE =
      new PathNames(InputOptions.PATH.key(), OutputOptions.PATH.key(), PlanOptions.FOLDER.key());
  static final PathNames OF_BATCH_FILE = new PathNames("--input", "--output", "--output");

  /** The names in a job file, or the options of the command that answers a batch file. */
  public static PathNames of(JobSpecification job) {
    return job.prompt() instanceof BodyPrompt ? OF_BATCH_FILE : OF_JOB_FILE;
  }
}
