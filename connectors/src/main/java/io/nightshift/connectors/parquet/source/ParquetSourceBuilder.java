package io.nightshift.connectors.parquet.source;

import io.nightshift.connectors.parquet.decode.BatchLayout;
import io.nightshift.connectors.parquet.input.ParquetColumns;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link ParquetSource}: inspects the files, and fails if they cannot be read as
 * requested.
 */
public final class ParquetSourceBuilder {
  /** Well below the 5 MiB from which on Flink's network stack spills a record to disk. */
  static final long DEFAULT_BATCH_BYTES = 2L << 20;

  static final int DEFAULT_BATCH_ROWS = 1024;
  static final long DEFAULT_SPLIT_BYTES = 128L << 20;

  private List<String> paths = List.of();
  private @Nullable ParquetInputs inputs;
  private @Nullable List<String> columns;
  private int batchRows = DEFAULT_BATCH_ROWS;
  private long batchBytes = DEFAULT_BATCH_BYTES;
  private long splitBytes = DEFAULT_SPLIT_BYTES;
  private boolean rowOrigin;

  ParquetSourceBuilder() {}

  /** Files, folders or globs on any of Flink's file systems; see {@link ParquetInputs}. */
  public ParquetSourceBuilder path(String... files) {
    paths = List.of(files);
    return this;
  }

  /** Files that have already been inspected, instead of {@link #path}. */
  public ParquetSourceBuilder inputs(ParquetInputs inspected) {
    inputs = inspected;
    return this;
  }

  /** The columns to read, in this order. Default: all. */
  public ParquetSourceBuilder columns(List<String> names) {
    columns = List.copyOf(names);
    return this;
  }

  /** Maximum number of rows per batch. Default: 1024. */
  public ParquetSourceBuilder batchRows(int rows) {
    batchRows = rows;
    return this;
  }

  /** A batch ends with the row that brings it to this many bytes. Default: 2 MiB. */
  public ParquetSourceBuilder batchBytes(long bytes) {
    batchBytes = bytes;
    return this;
  }

  /**
   * Maximum number of compressed bytes per split, if it has several row groups. Default: 128 MiB.
   */
  public ParquetSourceBuilder splitBytes(long bytes) {
    splitBytes = bytes;
    return this;
  }

  /**
   * Whether batches have the columns of {@link io.nightshift.connectors.parquet.input.RowOrigin}
   * after the others. Without them, a value that cannot be read fails the job. Default: no.
   */
  public ParquetSourceBuilder rowOrigin(boolean wanted) {
    rowOrigin = wanted;
    return this;
  }

  /**
   * Lists the files, reads their footers and builds the source.
   *
   * @throws io.nightshift.connectors.parquet.file.ParquetReadException naming a file, and a column
   *     where there is one, that cannot be read as requested
   */
  public ParquetSource build() throws IOException {
    ParquetInputs inspected = inputs == null ? ParquetInputs.inspect(paths) : inputs;
    ParquetColumns selected = columns == null ? inspected.select() : inspected.select(columns);
    if (rowOrigin) {
      selected = selected.withRowOrigin();
    }
    BatchLayout layout =
        new BatchLayout(selected.columns(), selected.schema(), batchRows, batchBytes);
    return new ParquetSource(inspected.files(), layout, splitBytes);
  }
}
