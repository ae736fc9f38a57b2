package io.nightshift.job.options;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** How the tokens of a free-text answer are sampled. Choices are scored, not sampled. */
public final class SamplingOptions {
  private SamplingOptions() {}

  public static final ConfigOption<Double> TEMPERATURE =
      ConfigOptions.key("sampling.temperature")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Sampling temperature, from 0 to 10; 0 selects the most probable token (greedy"
                  + " decoding).");

  public static final ConfigOption<Integer> TOP_K =
      ConfigOptions.key("sampling.top-k")
          .intType()
          .defaultValue(0)
          .withDescription("Sample only from the k most probable tokens; 0 for all.");

  public static final ConfigOption<Double> TOP_P =
      ConfigOptions.key("sampling.top-p")
          .doubleType()
          .defaultValue(1.0)
          .withDescription(
              "Sample only from the most probable tokens whose probabilities sum to this; 1 for"
                  + " all.");

  public static final ConfigOption<Double> MIN_P =
      ConfigOptions.key("sampling.min-p")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Sample only from tokens with at least this fraction of the most probable token's"
                  + " probability; 0 for all.");

  public static final ConfigOption<Double> REPETITION_PENALTY =
      ConfigOptions.key("sampling.repetition-penalty")
          .doubleType()
          .defaultValue(1.0)
          .withDescription(
              "Penalty for tokens that occur in the prompt or in the answer so far: over 1 makes"
                  + " them less probable; 1 for none.");

  public static final ConfigOption<Long> SEED =
      ConfigOptions.key("sampling.seed")
          .longType()
          .defaultValue(0L)
          .withDescription(
              "Seed of the random numbers. Every row has its own, made from this seed and the"
                  + " row: with the same seed, a row gets the same answer in any batch.");

  public static final ConfigOption<List<String>> STOP =
      ConfigOptions.key("sampling.stop")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription("Strings that end an answer. They are not part of it.");
}
