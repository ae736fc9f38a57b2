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
 * Flink metrics of an inference task, in its operator's group {@code llm}: what its engine has done
 * since the task began, and rows that came out by error code.
 */
final class InferenceMetrics {
  /** Steps whose times the histogram has: some seconds to a minute of work. */
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

  /** The share of prompt tokens whose keys and values came from the prefix cache. */
  private double prefixHitRate() {
    EngineStatistics now = statistics;
    if (now == null || now.cachedTokens() == 0) {
      return 0;
    }
    return (double) now.cachedTokens() / (now.cachedTokens() + now.promptTokens());
  }

  /** Shows how long the engine had nothing to do. */
  void show(IdleTime idle) {
    group.gauge("idleTimeMillis", (Gauge<Long>) idle::idleMillis);
  }

  /** On the engine's thread, after a step. */
  void stepped(EngineStatistics after, long nanos) {
    statistics = after;
    stepTime.update(TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  /** On the task's thread, for a row that is emitted. */
  void emitted(Answer answer) {
    String code = answer.errorCode();
    if (code != null) {
      rowsByError
          .computeIfAbsent(code, name -> group.addGroup("error_code", name).counter("rowErrors"))
          .inc();
    }
  }
}
