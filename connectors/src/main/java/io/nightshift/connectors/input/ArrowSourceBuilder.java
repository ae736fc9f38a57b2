package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.source.ArrowSource;
import io.nightshift.connectors.source.BatchLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a source of the rows of inspected files. */
public final class ArrowSourceBuilder {
  /** Well below the 5 MiB from which on Flink's network stack spills a record to disk. */
  static final long DEFAULT_BATCH_BYTES = 2L << 20;

  static final int DEFAULT_BATCH_ROWS = 1024;
  static final long DEFAULT_SPLIT_BYTES = 128L << 20;

  private final InputFiles inputs;
  private @Nullable List<String> columns;
  private int batchRows = DEFAULT_BATCH_ROWS;
  private long batchBytes = DEFAULT_BATCH_BYTES;
  private long splitBytes = DEFAULT_SPLIT_BYTES;
  private boolean rowOrigin;

  private ArrowSourceBuilder(InputFiles inputs) {
    this.inputs = inputs;
  }

  /** A source of all rows of these files. */
  public static ArrowSourceBuilder of(InputFiles inputs) {
    return new ArrowSourceBuilder(inputs);
  }

  /** The columns to read, in this order. Default: all. */
  public ArrowSourceBuilder columns(List<String> names) {
    columns = List.copyOf(names);
    return this;
  }

  /** Maximum number of rows per batch. Default: 1024. */
  public ArrowSourceBuilder batchRows(int rows) {
    batchRows = rows;
    return this;
  }

  /** A batch ends with the row that brings it to this many bytes. Default: 2 MiB. */
  public ArrowSourceBuilder batchBytes(long bytes) {
    batchBytes = bytes;
    return this;
  }

  /** Maximum number of bytes per split, where the format can cut there. Default: 128 MiB. */
  public ArrowSourceBuilder splitBytes(long bytes) {
    splitBytes = bytes;
    return this;
  }

  /**
   * Whether batches have the columns of {@link RowOrigin} after the others. Without them, a value
   * that cannot be read fails the job. Default: no.
   */
  public ArrowSourceBuilder rowOrigin(boolean wanted) {
    rowOrigin = wanted;
    return this;
  }

  /**
   * @throws FileReadException naming a file, and a column where there is one, that cannot be read
   *     as requested
   */
  public ArrowSource build() throws FileReadException {
    InputColumns selected = columns == null ? inputs.select() : inputs.select(columns);
    if (rowOrigin) {
      selected = selected.withRowOrigin();
    }
    BatchLayout layout =
        new BatchLayout(selected.columns(), selected.schema(), batchRows, batchBytes);
    return new ArrowSource(inputs.format(layout), inputs.splits(splitBytes));
  }
}
