package io.nightshift.connectors.units.source;

import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * Rows of a unit that one reader reads.
 *
 * @param unit number of the unit in the plan
 * @param description of the unit
 * @param rows rows that have not been emitted
 */
public record WorkUnitSplit(int unit, WorkUnit description, RowSelection rows)
    implements SourceSplit {

  @Override
  public String splitId() {
    return unit + "@" + rows.from();
  }
}
