package io.nightshift.runtime.bench;

import io.nightshift.runtime.energy.MeasuredEnergy;
import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.runner.DeviceTime;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run of a workload showed.
 *
 * @param rows answered, all of them with their number of tokens
 * @param seconds from the first request handed in to the last one answered
 * @param promptTokens of all rows
 * @param outputTokens of all rows
 * @param gemmFloorSeconds time that the matrix products of the tokens that had to be computed take
 *     at the best, in steps as large as the run's
 * @param gemmOperations floating-point operations of these matrix products
 * @param attentionOperations floating-point operations of attention in the steps of the run
 * @param deviceTime of the run, where the runner has a device of its own
 * @param energy of the devices of the run
 * @param engine the engine's own counts at the end of the run
 */
public record Measurement(
    int rows,
    double seconds,
    long promptTokens,
    long outputTokens,
    double gemmFloorSeconds,
    double gemmOperations,
    double attentionOperations,
    Optional<DeviceTime> deviceTime,
    MeasuredEnergy energy,
    EngineStatistics engine) {

  public double rowsPerSecond() {
    return rows / seconds;
  }

  /**
   * Seconds in which steps waited for masks of constraints: on a device of its own, the device;
   * otherwise all of the time that finding them took.
   */
  public double maskWaitSeconds() {
    return deviceTime.map(DeviceTime::maskWaitSeconds).orElse(engine.maskSeconds());
  }

  /** Prompt tokens answered a second, cached ones included. */
  public double promptTokensPerSecond() {
    return promptTokens / seconds;
  }

  public double outputTokensPerSecond() {
    return outputTokens / seconds;
  }

  /** Tokens really prefilled: prompt tokens not found in the cache, and what was computed again. */
  public long prefilledTokens() {
    return engine.promptTokens() + engine.recomputedTokens();
  }

  /** Share of the prompt tokens that were found in the prefix cache. */
  public double prefixHitRate() {
    return (double) engine.cachedTokens() / promptTokens;
  }

  /** Share of the run's time that its matrix products would have taken. */
  public double gemmFloorShare() {
    return gemmFloorSeconds / seconds;
  }

  /**
   * Rate of attention's products as a share of the rate of the linear layers' matrix products. All
   * of the run's time beside the floor counts as attention's, so that the true share is at least
   * this one: close to it if contexts are so long that attention is most of that time, and far
   * above it otherwise. Empty if the floor leaves no time.
   */
  public OptionalDouble attentionRateShare() {
    double rest = seconds - gemmFloorSeconds;
    return rest > 0 && gemmFloorSeconds > 0
        ? OptionalDouble.of(attentionOperations / rest / (gemmOperations / gemmFloorSeconds))
        : OptionalDouble.empty();
  }
}
