package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.Prices;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.flink.configuration.ConfigOption;

/** Reads the section {@code cost} of a job file. */
final class CostReader {
  private static final double MAX_PRICE = 1e9;

  private final JobSettings settings;
  private final Checks checks;

  CostReader(JobSettings settings, Checks checks) {
    this.settings = settings;
    this.checks = checks;
  }

  Prices prices() {
    Optional<String> currency = settings.find(CostOptions.CURRENCY);
    Prices prices = new Prices(price(CostOptions.GPU_HOUR), price(CostOptions.KWH), currency);
    if (currency.isPresent() && !prices.isGiven()) {
      throw settings.error(
          CostOptions.CURRENCY,
          "has no effect without cost.gpu-hour and cost.kwh; remove it or give a price");
    }
    return prices;
  }

  private OptionalDouble price(ConfigOption<Double> option) {
    return settings.isGiven(option)
        ? OptionalDouble.of(checks.between(option, 0.0, MAX_PRICE))
        : OptionalDouble.empty();
  }
}
