package io.nightshift.connectors.units;

import io.nightshift.connectors.files.AtomicFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.flink.core.fs.Path;

/**
 * Writes one work unit. The complete file appears when {@link #finish} returns, and never if it is
 * not called. Its footer has the figures of {@link WorkUnit} as properties.
 *
 * @param <R> the rows
 */
final class WorkUnitWriter<R> implements AutoCloseable {
  /** Rows of an Arrow record batch in the file, which is what a reader emits at a time. */
  private static final int BATCH_ROWS = 64;

  /** A batch of wide rows ends earlier: readers hold some batches in memory. */
  private static final long BATCH_BYTES = 2L << 20;

  static final String PREFIX = "unit-";

  private final String name;
  private final AtomicFile file;
  private final WorkUnitFormat<R> format;
  private final VectorSchemaRoot root;
  private final WorkUnitFormat.ColumnWriter<R> columns;
  private final ArrowFileWriter writer;
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final int sharedWithPrevious;
  private int[] previous = {};
  private int batchRows;
  private long batchBytes;
  private int rows;
  private int duplicateRows;
  private long keyElements;
  private long storedElements;

  /**
   * @param folder of the plan
   * @param name of the file
   * @param sharedWithPrevious elements that the first key shares with the last one of the unit
   *     before
   */
  WorkUnitWriter(
      Path folder,
      String name,
      WorkUnitFormat<R> format,
      int sharedWithPrevious,
      BufferAllocator allocator)
      throws IOException {
    this.name = name;
    this.sharedWithPrevious = sharedWithPrevious;
    this.format = format;
    root = VectorSchemaRoot.create(WorkUnitSchema.ofFile(format), allocator);
    columns = format.columnWriter(root);
    file = AtomicFile.create(new Path(folder, name));
    // Arrow writes the map when the file ends, and the properties are known by then.
    writer = new ArrowFileWriter(root, null, Channels.newChannel(file.stream()), properties);
    writer.start();
  }

  int rows() {
    return rows;
  }

  long storedElements() {
    return storedElements;
  }

  /** Adds a row, in planned order. */
  void add(R row) throws IOException {
    int[] key = format.key(row);
    int shared = commonPrefix(previous, key);
    writeKey(key, shared);
    batchBytes += columns.write(row, batchRows) + (long) Integer.BYTES * (key.length - shared);
    if (rows > 0 && shared > 0 && Arrays.equals(previous, key)) {
      duplicateRows++;
    }
    previous = key;
    keyElements += key.length;
    storedElements += key.length - shared;
    rows++;
    batchRows++;
    if (batchRows == BATCH_ROWS || batchBytes >= BATCH_BYTES) {
      writeBatch();
    }
  }

  private void writeKey(int[] key, int shared) {
    ((IntVector) root.getVector(format.keyNames().sharedColumn())).setSafe(batchRows, shared);
    ListVector list = (ListVector) root.getVector(format.keyNames().column());
    IntVector elements = (IntVector) list.getDataVector();
    int start = list.startNewValue(batchRows);
    for (int i = shared; i < key.length; i++) {
      elements.setSafe(start + i - shared, key[i]);
    }
    list.endValue(batchRows, key.length - shared);
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
        new WorkUnit(name, rows, keyElements, storedElements, duplicateRows, sharedWithPrevious);
    properties.putAll(unit.properties(format.keyNames()));
    writer.end();
    file.commit();
    return unit;
  }

  @Override
  public void close() {
    root.close();
    file.close();
  }

  /** Number of leading elements that two keys have in common. */
  static int commonPrefix(int[] first, int[] second) {
    int mismatch = Arrays.mismatch(first, second);
    return mismatch < 0 ? first.length : mismatch;
  }
}
