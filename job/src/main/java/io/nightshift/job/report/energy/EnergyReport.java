package io.nightshift.job.report.energy;

import io.nightshift.job.options.JobSpecification.Prices;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.runtime.energy.EnergyDevice.Kind;
import io.nightshift.runtime.energy.MeasuredEnergy;
import org.jspecify.annotations.Nullable;

/** Turns the energy that engines took into figures. */
public final class EnergyReport {
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double JOULES_PER_KILOWATT_HOUR = 3.6e6;

  private EnergyReport() {}

  /**
   * The figures of a run.
   *
   * @param energy of its engines
   * @param rows that it answered, at least one
   * @param outputTokens that it generated
   */
  public static EnergyFigures of(
      MeasuredEnergy energy, long rows, long outputTokens, Prices prices) {
    double joules = energy.joules();
    double seconds = energy.seconds();
    return new EnergyFigures(
        known(energy.joules(Kind.GPU)),
        known(energy.joules(Kind.CPU)),
        known(joules / rows),
        outputTokens == 0 ? null : known(joules / outputTokens),
        seconds == 0 ? null : known(joules / seconds),
        energy.deviceSeconds(Kind.GPU) / rows,
        cost(energy.deviceSeconds(Kind.GPU), joules, prices),
        prices.isGiven() ? prices.currency().orElse(null) : null,
        unknownCost(joules, prices),
        energy.notMeasured());
  }

  /**
   * What time of GPUs and energy cost, as far as they have prices and are known.
   *
   * @param joules not-a-number if unknown
   * @return null if nothing has a price and is known
   */
  static @Nullable Double cost(double gpuSeconds, double joules, Prices prices) {
    double ofEnergy = prices.kilowattHour().orElse(Double.NaN) * joules / JOULES_PER_KILOWATT_HOUR;
    if (prices.gpuHour().isEmpty() || gpuSeconds == 0) {
      return known(ofEnergy);
    }
    double ofGpus = prices.gpuHour().getAsDouble() * gpuSeconds / SECONDS_PER_HOUR;
    return Double.isNaN(ofEnergy) ? ofGpus : ofGpus + ofEnergy;
  }

  private static @Nullable String unknownCost(double joules, Prices prices) {
    return prices.kilowattHour().isPresent() && Double.isNaN(joules)
        ? "the cost of energy is not known: it was not measured"
        : null;
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
