package io.nightshift.connectors.units;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * Rows of a unit that one reader reads.
 *
 * @param unit number of the unit in the plan
 * @param description of the unit
 * @param rows those that have not been emitted
 */
public record WorkUnitSplit(int unit, WorkUnit description, RowSelection rows)
    implements SourceSplit {

  @Override
  public String splitId() {
    return unit + "@" + rows.from();
  }

  /** About what the rows cost. */
  long cost() {
    return description.cost(rows.count());
  }
}
