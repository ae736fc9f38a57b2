package io.nightshift.connectors.units.source;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader that ends before its rows are done gives these back to the enumerator. It keeps them in
 * its state until the enumerator has confirmed with {@link ReturnConfirmed}, so that each
 * checkpoint has them once: Flink delivers the confirmation before the barrier of a checkpoint if
 * and only if the enumerator's part of that checkpoint has the rows.
 *
 * @param rowsByUnit row numbers by the files of their units; must not be modified
 */
record ReturnedRows(Map<String, BitSet> rowsByUnit) implements SourceEvent {
  private static final long serialVersionUID = 1L;

  ReturnedRows {
    rowsByUnit = new TreeMap<>(rowsByUnit);
  }
}
