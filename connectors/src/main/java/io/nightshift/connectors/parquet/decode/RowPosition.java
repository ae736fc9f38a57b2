package io.nightshift.connectors.parquet.decode;

/**
 * A position between two rows of a file.
 *
 * @param rowGroup index of the row group of the row after the position
 * @param row number of rows of that row group before the position
 */
public record RowPosition(int rowGroup, long row) {
  /** The start of a row group. */
  public static RowPosition startOf(int rowGroup) {
    return new RowPosition(rowGroup, 0);
  }
}
