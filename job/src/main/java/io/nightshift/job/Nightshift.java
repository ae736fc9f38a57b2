package io.nightshift.job;

import io.nightshift.job.cli.NightshiftProgram;
import io.nightshift.job.pipeline.DeviceEngines;

/**
 * The entry class: {@code bin/nightshift COMMAND ...} runs it in a process of its own, {@code flink
 * run nightshift.jar COMMAND ...} inside Flink's client.
 */
public final class Nightshift {
  private Nightshift() {}

  /**
   * Runs a command with the engines of this build.
   *
   * @see NightshiftProgram#run
   */
  public static void main(String[] arguments) throws Throwable {
    NightshiftProgram.run(arguments, new DeviceEngines());
  }
}
