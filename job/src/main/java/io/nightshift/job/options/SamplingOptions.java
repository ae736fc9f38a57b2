package io.nightshift.job.options;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** How the tokens of a free answer are chosen. Without effect on answers that are choices. */
public final class SamplingOptions {
  private SamplingOptions() {}

  public static final ConfigOption<Double> TEMPERATURE =
      ConfigOptions.key("sampling.temperature")
          .doubleType()
          .defaultValue(0.0)
          .withDescription("0 takes the most probable token (greedy decoding); at most 10.");

  public static final ConfigOption<Integer> TOP_K =
      ConfigOptions.key("sampling.top-k")
          .intType()
          .defaultValue(0)
          .withDescription("Draw from the k most probable tokens only; 0 for all.");

  public static final ConfigOption<Double> TOP_P =
      ConfigOptions.key("sampling.top-p")
          .doubleType()
          .defaultValue(1.0)
          .withDescription(
              "Draw from the most probable tokens whose probabilities sum to this; 1 for all.");

  public static final ConfigOption<Double> MIN_P =
      ConfigOptions.key("sampling.min-p")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Draw only from tokens with at least this share of the most probable one's"
                  + " probability; 0 for all.");

  public static final ConfigOption<Double> REPETITION_PENALTY =
      ConfigOptions.key("sampling.repetition-penalty")
          .doubleType()
          .defaultValue(1.0)
          .withDescription(
              "Over 1 makes tokens that the prompt or the answer already has less probable; 1 for"
                  + " none.");

  public static final ConfigOption<Long> SEED =
      ConfigOptions.key("sampling.seed")
          .longType()
          .defaultValue(0L)
          .withDescription(
              "Every row draws from random numbers of its own, made from this seed and the row:"
                  + " the same seed gives a row the same answer in any batch.");

  public static final ConfigOption<List<String>> STOP =
      ConfigOptions.key("sampling.stop")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription("Strings that end an answer and are no part of it.");
}
