package io.nightshift.connectors.units;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A unit, or what is left of it, to be read by one reader.
 *
 * @param unit number of the unit in the plan
 * @param description of the unit
 * @param nextRow number of the first row that has not been emitted; the first of a batch
 */
public record WorkUnitSplit(int unit, WorkUnit description, long nextRow) implements SourceSplit {

  @Override
  public String splitId() {
    return Integer.toString(unit);
  }
}
