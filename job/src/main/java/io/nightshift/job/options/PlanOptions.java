package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** How rows are grouped into work units. */
public final class PlanOptions {
  private PlanOptions() {}

  public static final ConfigOption<Integer> UNIT_TOKENS =
      ConfigOptions.key("plan.unit-tokens")
          .intType()
          .defaultValue(100_000)
          .withDescription("Prompt tokens of one work unit, shared prefixes counted once.");

  public static final ConfigOption<Boolean> SHARE_DUPLICATES =
      ConfigOptions.key("plan.share-duplicates")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Rows with the same prompt share one answer, computed once, where the prompt alone"
                  + " decides it: with choices, and with sampling.temperature 0.");

  public static final ConfigOption<Double> TOKENS_PER_SECOND =
      ConfigOptions.key("plan.tokens-per-second")
          .doubleType()
          .noDefaultValue()
          .withDescription(
              "A rate that was measured on the cluster, prompt tokens computed and output tokens"
                  + " together: with it, the command plan says how long the answers will take.");

  public static final ConfigOption<String> FOLDER =
      ConfigOptions.key("plan.folder")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder for the work units, on any Flink file system. Without it: the folder"
                  + " _nightshift in output.path, which readers of Parquet skip. Each output needs a"
                  + " plan folder of its own, which must not overlap what input.path reads.");
}
