package io.nightshift.connectors.units;

import java.util.BitSet;

/**
 * Rows of a work unit: a range without those that are done already.
 *
 * @param from first row
 * @param to first row behind the range
 * @param done rows to omit; must not be modified
 */
public record RowSelection(long from, long to, BitSet done) {

  /** All rows of a unit. */
  public static RowSelection all(WorkUnit unit) {
    return new RowSelection(0, unit.rows(), new BitSet());
  }

  public boolean includes(long row) {
    return row >= from && row < to && !done.get((int) row);
  }

  /** The number of rows. */
  public int count() {
    return (int) (to - from) - done.get((int) from, (int) to).cardinality();
  }

  /** Those of the rows that are not before {@code row}. */
  public RowSelection startingAt(long row) {
    return new RowSelection(Math.max(from, Math.min(row, to)), to, done);
  }
}
