package io.nightshift.runtime.bench;

import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.runner.DeviceTime;
import java.util.Optional;

/**
 * What a run of a workload showed.
 *
 * @param rows answered, all of them with their number of tokens
 * @param seconds from the first request handed in to the last one answered
 * @param promptTokens of all rows
 * @param outputTokens of all rows
 * @param gemmFloorSeconds time that the matrix products of the tokens that had to be computed take
 *     at the best, in steps as large as the run's
 * @param deviceTime of the run, where the runner has a device of its own
 * @param engine the engine's own counts at the end of the run
 */
public record Measurement(
    int rows,
    double seconds,
    long promptTokens,
    long outputTokens,
    double gemmFloorSeconds,
    Optional<DeviceTime> deviceTime,
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
}
