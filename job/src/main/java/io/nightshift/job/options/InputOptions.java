package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The input. */
public final class InputOptions {
  private InputOptions() {}

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("input.path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Files to read: a file, a folder or a glob, on any Flink file system. Files whose"
                  + " names begin with a dot or an underscore are skipped. In a glob, * and ? match"
                  + " characters of a name, [a-z] a range of characters, {a,b} alternatives and ** any"
                  + " number of folders. A path that exists is taken literally; in a glob, brackets"
                  + " escape a character: [*], [?], [[], [{].");

  public static final ConfigOption<InputFormat> FORMAT =
      ConfigOptions.key("input.format")
          .enumType(InputFormat.class)
          .defaultValue(InputFormat.PARQUET)
          .withDescription(
              "Format of the files: parquet, or jsonl for JSON Lines, one object on each line, whose"
                  + " keys are the columns. All files have the same format. JSON Lines may be"
                  + " compressed (.gz, .zst).");
}
