package io.nightshift.connectors.parquet.decode;

/**
 * A place between two rows of a file.
 *
 * @param rowGroup index of the row group of the row behind the place
 * @param row number of the rows of that row group that lie before it
 */
public record RowPosition(int rowGroup, long row) {
  /** The start of a row group. */
  public static RowPosition startOf(int rowGroup) {
    return new RowPosition(rowGroup, 0);
  }
}
