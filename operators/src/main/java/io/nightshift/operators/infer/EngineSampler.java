package io.nightshift.operators.infer;

import io.nightshift.operators.report.EngineSample;
import io.nightshift.operators.report.EngineSeries;
import io.nightshift.operators.report.EngineSeriesAccumulator;
import io.nightshift.operators.report.HostName;
import io.nightshift.runtime.engine.EngineStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.jspecify.annotations.Nullable;

/**
 * Samples what an engine does. The first samples are {@value #SHORTEST_MILLIS} ms long; whenever
 * there are {@link EngineSeries#MAX_SAMPLES}, neighbors are merged and samples become twice as
 * long, so that a series has the same size after a minute and after a night.
 *
 * <p>Steps are reported by the engine's thread, rows by the task's.
 */
final class EngineSampler {
  private static final long SHORTEST_MILLIS = 100;

  private final EngineSeries engine;
  private final LongSupplier idleMillis;
  private final LongSupplier clock;
  private final Consumer<EngineSeries> published;
  private final List<EngineSample> samples = new ArrayList<>();

  private long shortest = SHORTEST_MILLIS;
  private long start;
  private long lastEnd;
  private long idleBefore;
  private @Nullable EngineStatistics before;
  private EngineSample current = EngineSample.NONE;

  /**
   * @param engine without samples
   * @param idleMillis time for which the engine has waited for rows so far, in milliseconds
   * @param clock milliseconds since the epoch
   * @param published is given the series whenever it has grown
   */
  EngineSampler(
      EngineSeries engine,
      LongSupplier idleMillis,
      LongSupplier clock,
      Consumer<EngineSeries> published) {
    this.engine = engine;
    this.idleMillis = idleMillis;
    this.clock = clock;
    this.published = published;
  }

  /** Samples the engine of a task for an accumulator of the job. */
  static EngineSampler of(TaskEngine engine, IdleTime idle, StreamingRuntimeContext task) {
    EngineSeriesAccumulator series = new EngineSeriesAccumulator();
    task.addAccumulator(EngineSeriesAccumulator.NAME, series);
    return new EngineSampler(
        EngineSeries.beginning(
            task.getTaskInfo().getIndexOfThisSubtask(),
            task.getTaskInfo().getAttemptNumber(),
            host(task.getTaskManagerRuntimeInfo().getTaskManagerExternalAddress()),
            engine.description().device(),
            engine.description().dtype()),
        idle::idleMillis,
        System::currentTimeMillis,
        series::publish);
  }

  /** A TaskManager in the process of the client has no address. */
  private static String host(String address) {
    return address.isEmpty() ? HostName.get() : address;
  }

  /** A step has ended. */
  synchronized void stepped(EngineStatistics after, long nanos) {
    long now = clock.getAsLong();
    begin(now - TimeUnit.NANOSECONDS.toMillis(nanos));
    // Not sooner: the rows of a step are emitted after its end.
    if (current.endMillis() - lastEnd >= shortest) {
      closeSample();
    }
    current = current.plus(step(after, nanos, now));
    before = after;
  }

  private EngineSample step(EngineStatistics after, long nanos, long now) {
    long prompt = after.promptTokens() + after.cachedTokens();
    EngineStatistics last = before;
    long finished = after.finishedRequests() - (last == null ? 0 : last.finishedRequests());
    return new EngineSample(
        now,
        0,
        last == null ? prompt : prompt - last.promptTokens() - last.cachedTokens(),
        after.cachedTokens() - (last == null ? 0 : last.cachedTokens()),
        after.outputTokens() - (last == null ? 0 : last.outputTokens()),
        1,
        nanos,
        after.runningRequests() + finished,
        after.waitingRequests(),
        after.preemptions() - (last == null ? 0 : last.preemptions()),
        0);
  }

  /** A row has been emitted. */
  synchronized void emitted() {
    long now = clock.getAsLong();
    begin(now);
    current = current.plus(new EngineSample(now, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  /** Ends the last sample, at the end of the input. */
  synchronized void end() {
    if (current.endMillis() > 0) {
      closeSample();
    }
  }

  private void begin(long now) {
    if (start == 0) {
      start = now;
      lastEnd = now;
    }
  }

  private void closeSample() {
    long idle = idleMillis.getAsLong();
    lastEnd = current.endMillis();
    samples.add(current.plus(new EngineSample(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, idle - idleBefore)));
    idleBefore = idle;
    current = EngineSample.NONE;
    if (samples.size() >= EngineSeries.MAX_SAMPLES) {
      mergeNeighbors();
    }
    published.accept(engine.with(start, samples));
  }

  private void mergeNeighbors() {
    List<EngineSample> merged = new ArrayList<>();
    for (int i = 0; i + 1 < samples.size(); i += 2) {
      merged.add(samples.get(i).plus(samples.get(i + 1)));
    }
    samples.clear();
    samples.addAll(merged);
    shortest *= 2;
  }
}
