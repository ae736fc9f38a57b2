package io.nightshift.connectors.units;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.files.AtomicFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes one work unit. The file appears when {@link #finish} returns, whole, and never if it is
 * not called. Its footer has the figures of {@link WorkUnit} as metadata.
 */
final class WorkUnitWriter implements AutoCloseable {
  /** Rows of an Arrow record batch in the file, which is what a reader emits at a time. */
  private static final int BATCH_ROWS = 64;

  /** A batch ends earlier where its rows are wide: readers hold some of them in memory. */
  private static final long BATCH_BYTES = 2L << 20;

  static final String PREFIX = "unit-";

  private final String name;
  private final AtomicFile file;
  private final VectorSchemaRoot root;
  private final VectorSchemaRoot columns;
  private final ArrowRowCodec columnCodec;
  private final ArrowFileWriter writer;
  private final Map<String, String> figures = new LinkedHashMap<>();
  private final int sharedWithPrevious;
  private int[] previous = {};
  private int batchRows;
  private long batchBytes;
  private int rows;
  private int duplicateRows;
  private long promptTokens;
  private long computedTokens;

  /**
   * @param folder of the plan
   * @param name of the file
   * @param kept schema of the kept input columns
   * @param sharedWithPrevious tokens that the first row shares with the last one of the unit before
   */
  WorkUnitWriter(
      Path folder, String name, Schema kept, int sharedWithPrevious, BufferAllocator allocator)
      throws IOException {
    this.name = name;
    this.sharedWithPrevious = sharedWithPrevious;
    columnCodec = new ArrowRowCodec(kept);
    root = VectorSchemaRoot.create(WorkUnitSchema.ofFile(kept), allocator);
    StructVector struct = (StructVector) root.getVector(WorkUnitSchema.COLUMNS);
    columns = new VectorSchemaRoot(struct.getChildrenFromFields());
    file = AtomicFile.create(new Path(folder, name));
    // Arrow writes the map when the file ends, and its figures are known by then.
    writer = new ArrowFileWriter(root, null, Channels.newChannel(file.stream()), figures);
    writer.start();
  }

  int rows() {
    return rows;
  }

  long computedTokens() {
    return computedTokens;
  }

  /** Adds a row, in planned order. */
  void add(PlannedRow row) throws IOException {
    int shared = commonPrefix(previous, row.tokens());
    intVector(WorkUnitSchema.SHARED_TOKENS).setSafe(batchRows, shared);
    setTokens(row.tokens(), shared);
    setText(WorkUnitSchema.SOURCE_FILE, row.sourceFile());
    ((BigIntVector) root.getVector(WorkUnitSchema.SOURCE_ROW)).setSafe(batchRows, row.sourceRow());
    setText(WorkUnitSchema.ERROR_CODE, row.errorCode());
    setText(WorkUnitSchema.ERROR_MESSAGE, row.errorMessage());
    ((StructVector) root.getVector(WorkUnitSchema.COLUMNS)).setIndexDefined(batchRows);
    columnCodec.decode(row.columns(), columns, batchRows);
    if (rows > 0 && shared > 0 && Arrays.equals(previous, row.tokens())) {
      duplicateRows++;
    }
    previous = row.tokens();
    promptTokens += row.tokens().length;
    computedTokens += row.tokens().length - shared;
    rows++;
    batchRows++;
    batchBytes += row.columns().length + (long) Integer.BYTES * (row.tokens().length - shared);
    if (batchRows == BATCH_ROWS || batchBytes >= BATCH_BYTES) {
      writeBatch();
    }
  }

  private void setTokens(int[] tokens, int shared) {
    ListVector list = (ListVector) root.getVector(WorkUnitSchema.TOKENS);
    IntVector elements = (IntVector) list.getDataVector();
    int start = list.startNewValue(batchRows);
    for (int i = shared; i < tokens.length; i++) {
      elements.setSafe(start + i - shared, tokens[i]);
    }
    list.endValue(batchRows, tokens.length - shared);
  }

  private void setText(String column, @Nullable String value) {
    VarCharVector vector = (VarCharVector) root.getVector(column);
    if (value == null) {
      vector.setNull(batchRows);
    } else {
      vector.setSafe(batchRows, value.getBytes(UTF_8));
    }
  }

  private IntVector intVector(String column) {
    return (IntVector) root.getVector(column);
  }

  private void writeBatch() throws IOException {
    root.setRowCount(batchRows);
    writer.writeBatch();
    root.getFieldVectors().forEach(FieldVector::reset);
    batchRows = 0;
    batchBytes = 0;
  }

  /** Makes the file appear. */
  WorkUnit finish() throws IOException {
    if (batchRows > 0) {
      writeBatch();
    }
    WorkUnit unit =
        new WorkUnit(name, rows, promptTokens, computedTokens, duplicateRows, sharedWithPrevious);
    figures.putAll(unit.figures());
    writer.end();
    file.commit();
    return unit;
  }

  @Override
  public void close() {
    root.close();
    file.close();
  }

  /** Number of leading tokens that two prompts have in common. */
  static int commonPrefix(int[] first, int[] second) {
    int mismatch = Arrays.mismatch(first, second);
    return mismatch < 0 ? first.length : mismatch;
  }
}
