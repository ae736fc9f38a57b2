package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** How many rows may fail before the job does. */
public final class ErrorOptions {
  private ErrorOptions() {}

  public static final ConfigOption<Double> MAX_FRACTION =
      ConfigOptions.key("errors.max-fraction")
          .doubleType()
          .defaultValue(0.01)
          .withDescription(
              "The job fails when more than this share of its rows came out with an error; 1 to"
                  + " never fail.");

  public static final ConfigOption<Long> MAX_ROWS =
      ConfigOptions.key("errors.max-rows")
          .longType()
          .noDefaultValue()
          .withDescription(
              "The job fails when more than this number of rows came out with an error. Without it:"
                  + " no such limit.");

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("errors.path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder for the rows that came out with an error, with the columns of the others."
                  + " Without it, they are among the others in output.path. It must not overlap what"
                  + " input.path reads, nor output.path, but may be a folder in that whose name"
                  + " begins with an underscore.");
}
