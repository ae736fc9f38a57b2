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
              "Parquet input: a file, a folder or a glob, on any Flink file system. Files whose"
                  + " names begin with a dot or an underscore are skipped. In a glob, * and ? match"
                  + " characters of a name, [a-z] a range of characters, {a,b} alternatives and ** any"
                  + " number of folders. A path that exists is taken literally; in a glob, brackets"
                  + " escape a character: [*], [?], [[], [{].");
}
