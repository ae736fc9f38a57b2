package io.nightshift.operators.report;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.accumulators.Accumulator;
import org.apache.flink.api.common.accumulators.SimpleAccumulator;

/**
 * Accumulates what the engines of a job did over time. Of a task that has restarted, Flink knows
 * the accumulators of the last attempt alone.
 *
 * <p>An engine's thread publishes while a heartbeat serializes, so a map is never modified after it
 * has been published.
 */
public final class EngineSeriesAccumulator
    implements SimpleAccumulator<TreeMap<String, EngineSeries>> {
  private static final long serialVersionUID = 1L;

  /** Name of the accumulator. */
  public static final String NAME = "ENGINE_SERIES";

  private volatile TreeMap<String, EngineSeries> byEngine = new TreeMap<>();

  /** Replaces what is known of an engine. */
  public void publish(EngineSeries series) {
    add(new TreeMap<>(Map.of(series.name(), series)));
  }

  /** All engines of both; of one in both, what the second knows. */
  public static TreeMap<String, EngineSeries> union(
      Map<String, EngineSeries> some, Map<String, EngineSeries> newer) {
    TreeMap<String, EngineSeries> all = new TreeMap<>(some);
    all.putAll(newer);
    return all;
  }

  @Override
  public void add(TreeMap<String, EngineSeries> value) {
    byEngine = union(byEngine, value);
  }

  @Override
  public TreeMap<String, EngineSeries> getLocalValue() {
    return byEngine;
  }

  @Override
  public void resetLocal() {
    byEngine = new TreeMap<>();
  }

  @Override
  public void merge(
      Accumulator<TreeMap<String, EngineSeries>, TreeMap<String, EngineSeries>> other) {
    add(other.getLocalValue());
  }

  @Override
  public Accumulator<TreeMap<String, EngineSeries>, TreeMap<String, EngineSeries>> clone() {
    EngineSeriesAccumulator copy = new EngineSeriesAccumulator();
    copy.add(byEngine);
    return copy;
  }
}
