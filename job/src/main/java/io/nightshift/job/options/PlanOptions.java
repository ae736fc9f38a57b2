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
          .withDescription("Number of prompt tokens per work unit, shared prefixes counted once.");

  public static final ConfigOption<Boolean> SHARE_DUPLICATES =
      ConfigOptions.key("plan.share-duplicates")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether rows with the same prompt share one answer, computed once, if the prompt"
                  + " alone decides the answer: with choices, embeddings, and sampling.temperature 0.");

  public static final ConfigOption<Double> TOKENS_PER_SECOND =
      ConfigOptions.key("plan.tokens-per-second")
          .doubleType()
          .noDefaultValue()
          .withDescription(
              "Throughput measured of one engine, prompt tokens computed and output tokens"
                  + " together. With it, the command plan estimates how long all engines of the job"
                  + " take to answer.");

  public static final ConfigOption<String> FOLDER =
      ConfigOptions.key("plan.folder")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder for the work units, on any Flink file system. Without it: the folder"
                  + " _nightshift in output.path, which readers of Parquet skip. Each output needs a"
                  + " plan folder of its own, which must not overlap what input.path reads.");
}
