package io.nightshift.job.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the run took.
 *
 * @param gpuJoules energy of the GPUs; null if not measured
 * @param cpuJoules energy of the CPU packages; null if not measured
 * @param joulesPerRow of what was measured; null if nothing was
 * @param joulesPerOutputToken of what was measured; null if nothing was, or nothing was generated
 * @param meanWatts of what was measured; null if nothing was
 * @param gpuSecondsPerRow 0 without GPUs
 * @param cost in the currency; null without prices
 * @param currency null without prices
 * @param unknownCost says what the cost leaves out; null if nothing
 * @param notMeasured lines that say what was not measured, and why
 */
public record EnergyFigures(
    @Nullable Double gpuJoules,
    @Nullable Double cpuJoules,
    @Nullable Double joulesPerRow,
    @Nullable Double joulesPerOutputToken,
    @Nullable Double meanWatts,
    double gpuSecondsPerRow,
    @Nullable Double cost,
    @Nullable String currency,
    @Nullable String unknownCost,
    List<String> notMeasured) {

  public EnergyFigures {
    notMeasured = List.copyOf(notMeasured);
  }
}
