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
        cost(energy, prices),
        prices.isGiven() ? prices.currency().orElse(null) : null,
        energy.notMeasured());
  }

  /** Of what has a price and is known; null if that is nothing. */
  private static @Nullable Double cost(MeasuredEnergy energy, Prices prices) {
    double hours = energy.deviceSeconds(Kind.GPU) / SECONDS_PER_HOUR;
    double kilowattHours = energy.joules() / JOULES_PER_KILOWATT_HOUR;
    if (prices.gpuHour().isEmpty()) {
      return prices.kilowattHour().isEmpty()
          ? null
          : known(prices.kilowattHour().getAsDouble() * kilowattHours);
    }
    double ofGpus = prices.gpuHour().getAsDouble() * hours;
    return prices.kilowattHour().isEmpty() || Double.isNaN(kilowattHours)
        ? ofGpus
        : ofGpus + prices.kilowattHour().getAsDouble() * kilowattHours;
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
