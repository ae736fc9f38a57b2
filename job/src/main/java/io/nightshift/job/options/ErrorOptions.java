package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Rows with an error. */
public final class ErrorOptions {
  private ErrorOptions() {}

  public static final ConfigOption<Double> MAX_FRACTION =
      ConfigOptions.key("errors.max-fraction")
          .doubleType()
          .defaultValue(0.01)
          .withDescription(
              "Maximum fraction of rows with an error, above which the job fails; 1 to never"
                  + " fail.");

  public static final ConfigOption<Long> MAX_ROWS =
      ConfigOptions.key("errors.max-rows")
          .longType()
          .noDefaultValue()
          .withDescription(
              "Maximum number of rows with an error, above which the job fails. Without it: no"
                  + " limit.");

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("errors.path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder for the rows with an error, which have the same columns as the others."
                  + " Without it, they are written to output.path with the others. It must not overlap"
                  + " what input.path reads, nor output.path, but may be a folder in output.path whose"
                  + " name begins with an underscore.");
}
