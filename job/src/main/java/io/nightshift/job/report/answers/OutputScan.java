package io.nightshift.job.report.answers;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.input.ParquetInputFile;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.flink.core.fs.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * The files of an output, of which some columns are read. Parts of the files are read in parallel;
 * the memory that it takes does not depend on their number.
 */
public final class OutputScan {
  /** Compressed bytes of all columns in a part. */
  private static final long PART_BYTES = 64L << 20;

  private static final int BATCH_ROWS = 4096;
  private static final long BATCH_BYTES = 4L << 20;

  private final ParquetInputs inputs;
  private final List<FileSplit> parts;

  private OutputScan(ParquetInputs inputs, List<FileSplit> parts) {
    this.inputs = inputs;
    this.parts = parts;
  }

  /**
   * Reads the footers of the files.
   *
   * @param files at least one
   * @throws io.nightshift.connectors.files.FileReadException naming a file that is not Parquet
   */
  public static OutputScan of(List<FileStatus> files) throws IOException {
    ParquetInputs inputs = ParquetInputs.ofFiles(files);
    return new OutputScan(inputs, inputs.splits(PART_BYTES));
  }

  /** Takes the batches of a part. */
  @FunctionalInterface
  public interface PartReader {
    /**
     * @param batch of the selected columns, in their order; it belongs to the caller
     * @param firstRow number of its first row in the part
     */
    void read(VectorSchemaRoot batch, long firstRow);
  }

  /** Names of the columns. */
  public Set<String> columns() {
    return inputs.columnNames();
  }

  /** The type of a column. */
  public Field field(String name) throws IOException {
    return inputs.field(name);
  }

  /** Rows of all files. */
  public long rows() {
    return inputs.files().stream().mapToLong(ParquetInputFile::rows).sum();
  }

  /** The files, inspected. */
  ParquetInputs inputs() {
    return inputs;
  }

  /** Every n-th part only. */
  OutputScan everyNth(int n) {
    List<FileSplit> some = new ArrayList<>();
    for (int part = 0; part < parts.size(); part += n) {
      some.add(parts.get(part));
    }
    return new OutputScan(inputs, some);
  }

  /** Makes the reader of a part. */
  @FunctionalInterface
  public interface PartReaders<R extends PartReader> {
    R of(FileSplit part);
  }

  /**
   * Reads columns.
   *
   * @return the readers of the parts, in their order, when they have read all
   * @throws io.nightshift.connectors.files.FileReadException naming a file that cannot be read, or
   *     lacks a column
   */
  public <R extends PartReader> List<R> read(List<String> columns, PartReaders<R> readers)
      throws IOException {
    InputColumns selected = inputs.select(columns);
    BatchFormat format =
        inputs.format(
            new BatchLayout(selected.columns(), selected.schema(), BATCH_ROWS, BATCH_BYTES));
    return ParallelReads.map(
        parts,
        part -> {
          R reader = readers.of(part);
          read(format, part, reader);
          return reader;
        });
  }

  private static void read(BatchFormat format, FileSplit part, PartReader reader)
      throws IOException {
    long row = 0;
    try (BatchFormat.Batches batches = format.open(part, ArrowMemory.allocator())) {
      for (@Nullable ArrowBatch next = batches.next(); next != null; next = batches.next()) {
        try (ArrowBatch batch = next) {
          reader.read(batch.root(), row);
          row += batch.rows();
        }
      }
    }
  }
}
