package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.EngineStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Flink metrics of an inference task, in the metric group {@code llm} of its operator: statistics
 * of the engine since the start of the task, and the number of rows for each error code.
 */
final class InferenceMetrics {
  /** Number of steps in the histogram of step times: some seconds to a minute of work. */
  private static final int STEPS_REMEMBERED = 1000;

  private final MetricGroup group;
  private final Map<String, Counter> rowsByError = new HashMap<>();
  private final Histogram stepTime;
  private volatile @Nullable EngineStatistics statistics;

  InferenceMetrics(MetricGroup operator) {
    group = operator.addGroup("llm");
    count("requestsRunning", EngineStatistics::runningRequests);
    count("requestsWaiting", EngineStatistics::waitingRequests);
    count("promptTokens", EngineStatistics::promptTokens);
    count("cachedTokens", EngineStatistics::cachedTokens);
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
  void show(IdleTime idle) {
    group.gauge("idleTimeMillis", (Gauge<Long>) idle::idleMillis);
  }

  /** Called on the engine thread, after a step. */
  void stepped(EngineStatistics after, long nanos) {
    statistics = after;
    stepTime.update(TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  /** Called on the task thread, for each emitted row. */
  void emitted(Answer answer) {
    String code = answer.errorCode();
    if (code != null) {
      rowsByError
          .computeIfAbsent(code, name -> group.addGroup("error_code", name).counter("rowErrors"))
          .inc();
    }
  }
}
