package io.nightshift.operators.report;

import org.apache.flink.api.common.accumulators.Accumulator;
import org.apache.flink.api.common.accumulators.SimpleAccumulator;

/**
 * Accumulates the energy that the engines of a job took.
 *
 * <p>A task's thread publishes while a heartbeat serializes, so readings are never modified after
 * they have been published.
 */
public final class EnergyAccumulator implements SimpleAccumulator<EnergyReadings> {
  private static final long serialVersionUID = 1L;

  /** Name of the accumulator. */
  public static final String NAME = "ENERGY";

  private volatile EnergyReadings readings = EnergyReadings.NONE;

  /** Replaces the readings by later ones of the same task. */
  public void publish(EnergyReadings later) {
    readings = later;
  }

  @Override
  public void add(EnergyReadings more) {
    readings = readings.plus(more);
  }

  @Override
  public EnergyReadings getLocalValue() {
    return readings;
  }

  @Override
  public void resetLocal() {
    readings = EnergyReadings.NONE;
  }

  @Override
  public void merge(Accumulator<EnergyReadings, EnergyReadings> other) {
    add(other.getLocalValue());
  }

  @Override
  public Accumulator<EnergyReadings, EnergyReadings> clone() {
    EnergyAccumulator copy = new EnergyAccumulator();
    copy.publish(readings);
    return copy;
  }
}
