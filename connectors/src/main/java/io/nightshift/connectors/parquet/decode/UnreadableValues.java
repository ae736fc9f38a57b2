package io.nightshift.connectors.parquet.decode;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** Remembers the first value of a row that could not be read, if there is a column for it. */
final class UnreadableValues {
  private final boolean recorded;
  private @Nullable String first;

  /**
   * @param recorded whether batches have a column for it; otherwise reading fails
   */
  UnreadableValues(boolean recorded) {
    this.recorded = recorded;
  }

  void add(LeafColumn column, UnreadableValueException failure) {
    if (!recorded) {
      throw failure;
    }
    if (first == null) {
      first = "Column '%s' %s".formatted(column, failure.getMessage());
    }
  }

  /** Writes the problem of the current row into the column, and moves to the next row. */
  void write(VarCharVector column, int row) {
    if (first == null) {
      column.setNull(row);
    } else {
      column.setSafe(row, first.getBytes(StandardCharsets.UTF_8));
    }
    first = null;
  }
}
