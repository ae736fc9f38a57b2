package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What is read. */
public final class InputOptions {
  private InputOptions() {}

  public static final ConfigOption<String> PATH =
      ConfigOptions.key("input.path")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Parquet to read: a file, a folder or a glob, on any Flink file system. Files whose"
                  + " names begin with a dot or an underscore are skipped. A glob has * and ? for"
                  + " characters of a name, [a-z], {a,b} and ** for any number of folders; a path"
                  + " that exists is taken literally, and in a glob brackets make a character"
                  + " literal: [*], [?], [[], [{].");
}
