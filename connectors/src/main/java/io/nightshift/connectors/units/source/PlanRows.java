package io.nightshift.connectors.units.source;

import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Rows numbered across the units of a plan, and their costs. */
final class PlanRows {
  private final List<WorkUnit> units;
  private final long rowCost;

  /** The first row of each unit, followed by the number of rows. */
  private final long[] firstRows;

  /** The cost of all units before each unit, followed by the total. */
  private final long[] costsBefore;

  /**
   * @param units in planned order; not copied
   * @param rowCost cost of a row besides its key, see {@link WorkUnit#cost}
   */
  PlanRows(List<WorkUnit> units, long rowCost) {
    this.units = units;
    this.rowCost = rowCost;
    firstRows = new long[units.size() + 1];
    costsBefore = new long[units.size() + 1];
    for (int unit = 0; unit < units.size(); unit++) {
      firstRows[unit + 1] = firstRows[unit] + units.get(unit).rows();
      costsBefore[unit + 1] =
          costsBefore[unit] + units.get(unit).cost(units.get(unit).rows(), rowCost);
    }
  }

  WorkUnit unit(int number) {
    return units.get(number);
  }

  /** The number of the first row of a unit; for the unit after the last one, the number of rows. */
  long firstRow(int unit) {
    return firstRows[unit];
  }

  /** The approximate mean cost of a row. */
  double meanCost() {
    return (double) costsBefore[units.size()] / Math.max(1, firstRows[units.size()]);
  }

  /** The number of the unit that a row is in. */
  int unitOf(long row) {
    int index = Arrays.binarySearch(firstRows, row);
    return index >= 0 ? index : -index - 2;
  }

  /** Some rows as splits, one for each run of adjacent rows. */
  List<WorkUnitSplit> splits(Map<String, BitSet> rowsByUnit) {
    List<WorkUnitSplit> splits = new ArrayList<>();
    for (int unit = 0; unit < units.size(); unit++) {
      BitSet rows = rowsByUnit.getOrDefault(units.get(unit).file(), new BitSet());
      for (int from = rows.nextSetBit(0); from >= 0; ) {
        int to = rows.nextClearBit(from);
        splits.add(
            new WorkUnitSplit(unit, units.get(unit), new RowSelection(from, to, new BitSet())));
        from = rows.nextSetBit(to);
      }
    }
    return splits;
  }

  /** The approximate cost of the rows of a split. */
  long cost(WorkUnitSplit split) {
    return split.description().cost(split.rows().count(), rowCost);
  }

  /** The approximate cost of the rows of a range. */
  long cost(long from, long to) {
    return costBefore(to) - costBefore(from);
  }

  private long costBefore(long row) {
    int unit = unitOf(row);
    long rowsOfUnit = row - firstRows[unit];
    return costsBefore[unit]
        + (rowsOfUnit == 0 ? 0 : units.get(unit).cost((int) rowsOfUnit, rowCost));
  }
}
