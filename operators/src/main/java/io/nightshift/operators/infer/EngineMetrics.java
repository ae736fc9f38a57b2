package io.nightshift.operators.infer;

import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyMeter;
import io.nightshift.runtime.energy.MeasuredEnergy;
import io.nightshift.runtime.engine.EngineStatistics;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Flink metrics of an engine, in the metric group {@code llm} of an operator: its statistics since
 * it was opened.
 */
public final class EngineMetrics {
  /** Name of the metric group of whatever has to do with an engine. */
  static final String GROUP = "llm";

  /** Number of steps in the histogram of step times: some seconds to a minute of work. */
  private static final int STEPS_REMEMBERED = 1000;

  private final MetricGroup group;
  private final Histogram stepTime;
  private volatile @Nullable EngineStatistics statistics;

  public EngineMetrics(MetricGroup operator) {
    group = operator.addGroup(GROUP);
    count("requestsRunning", EngineStatistics::runningRequests);
    count("requestsWaiting", EngineStatistics::waitingRequests);
    count("promptTokens", EngineStatistics::promptTokens);
    count("cachedTokens", EngineStatistics::cachedTokens);
    count("tokensFromHost", statistics -> statistics.host().loadedTokens());
    count("kvBytesToHost", statistics -> statistics.host().bytesToHost());
    count("kvBytesFromHost", statistics -> statistics.host().bytesToDevice());
    count("generationTokens", EngineStatistics::outputTokens);
    count("kvBlocksUsed", EngineStatistics::usedBlocks);
    count("kvBlocks", EngineStatistics::totalBlocks);
    count("preemptions", EngineStatistics::preemptions);
    count("steps", EngineStatistics::steps);
    group.gauge("prefixHitRate", (Gauge<Double>) this::prefixHitRate);
    stepTime =
        group.histogram("stepTimeMicros", new DescriptiveStatisticsHistogram(STEPS_REMEMBERED));
  }

  private void count(String name, ToLongFunction<EngineStatistics> value) {
    group.gauge(
        name,
        (Gauge<Long>)
            () -> {
              EngineStatistics now = statistics;
              return now == null ? 0L : value.applyAsLong(now);
            });
  }

  /** Fraction of the prompt tokens whose keys and values were found in the prefix cache. */
  private double prefixHitRate() {
    EngineStatistics now = statistics;
    if (now == null || now.cachedTokens() == 0) {
      return 0;
    }
    return (double) now.cachedTokens() / (now.cachedTokens() + now.promptTokens());
  }

  /** Registers the time for which the engine had no work. */
  public void show(IdleTime idle) {
    group.gauge("idleTimeMillis", (Gauge<Long>) idle::idleMillis);
  }

  /** Registers the energy of the engine's GPUs, or of the host's CPUs if it has none. */
  public void show(EnergyMeter energy) {
    group.gauge("joules", (Gauge<Double>) () -> joules(energy));
  }

  /** Not-a-number if not measured. */
  private static double joules(EnergyMeter energy) {
    MeasuredEnergy measured = energy.measured();
    return measured.joules(
        measured.uses(EnergyDevice.Kind.GPU) ? EnergyDevice.Kind.GPU : EnergyDevice.Kind.CPU);
  }

  /** Called on the engine thread, after a step. */
  public void stepped(EngineStatistics after, long nanos) {
    statistics = after;
    stepTime.update(TimeUnit.NANOSECONDS.toMicros(nanos));
  }
}
