package io.nightshift.connectors.units.source;

import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The enumerator's state: the rows of a plan that no reader has, as ranges. Its size depends on the
 * number of readers, not on that of the units, whose descriptions are not part of it.
 *
 * @param ranges in planned order, not adjacent
 * @param done rows of these ranges to omit, by the number of their unit; must not be modified
 */
public record UnassignedRows(List<Range> ranges, Map<Integer, BitSet> done)
    implements Serializable {

  /**
   * Rows numbered across the whole plan, from its first unit to its last.
   *
   * @param from first row
   * @param to behind the last row
   */
  public record Range(long from, long to) implements Serializable {}

  public UnassignedRows {
    ranges = List.copyOf(ranges);
    done = new TreeMap<>(done);
  }

  /**
   * All rows of a plan except for those that are done already.
   *
   * @param units in planned order
   * @param doneByFile rows that are done already, by the files of the units
   */
  public static UnassignedRows of(List<WorkUnit> units, Map<String, BitSet> doneByFile) {
    List<Range> ranges = new ArrayList<>();
    Map<Integer, BitSet> done = new TreeMap<>();
    long begin = 0;
    long first = 0;
    for (int unit = 0; unit < units.size(); unit++) {
      WorkUnit description = units.get(unit);
      BitSet doneRows = doneByFile.getOrDefault(description.file(), new BitSet());
      long next = first + description.rows();
      if (new RowSelection(0, description.rows(), doneRows).count() == 0) {
        add(ranges, begin, first);
        begin = next;
      } else if (!doneRows.isEmpty()) {
        done.put(unit, doneRows);
      }
      first = next;
    }
    add(ranges, begin, first);
    return new UnassignedRows(ranges, done);
  }

  private static void add(List<Range> ranges, long from, long to) {
    if (from < to) {
      ranges.add(new Range(from, to));
    }
  }
}
