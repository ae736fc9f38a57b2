package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What a run costs. */
public final class CostOptions {
  private CostOptions() {}

  public static final ConfigOption<Double> GPU_HOUR =
      ConfigOptions.key("cost.gpu-hour")
          .doubleType()
          .noDefaultValue()
          .withDescription(
              "Price of a GPU for an hour. The report counts the time from the first step of an"
                  + " engine to its last one.");

  public static final ConfigOption<Double> KWH =
      ConfigOptions.key("cost.kwh")
          .doubleType()
          .noDefaultValue()
          .withDescription(
              "Price of a kilowatt-hour of the energy that was measured. If cost.gpu-hour includes"
                  + " the energy, leave this out.");

  public static final ConfigOption<String> CURRENCY =
      ConfigOptions.key("cost.currency")
          .stringType()
          .noDefaultValue()
          .withDescription("Currency of the prices, as the report names it, for instance EUR.");
}
