package io.nightshift.connectors.parquet.decode;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.file.ReadFailure;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.OutputColumn;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of a file's row groups as batches, from any row on. Batches span row groups, so
 * that a file with many small row groups still gives full batches.
 */
public final class BatchReader implements BatchFormat.Batches {
  private final ParquetFile file;
  private final BatchLayout layout;
  private final Schema schema;
  private final Map<String, @Nullable String> folders;
  private final BufferAllocator allocator;
  private final MessageType fileColumns;
  private final int endRowGroup;
  private final UnreadableValues unreadable;

  private int rowGroup;
  private long row;
  private long rowsBefore;
  private @Nullable RowGroupColumns columns;

  /**
   * Takes ownership of {@code file}.
   *
   * @param folders values of the {@code key=value} folders above the file; null for Hive's null
   * @param start of the rows to read
   * @param endRowGroup index after the last row group to read
   */
  public BatchReader(
      ParquetFile file,
      BatchLayout layout,
      Map<String, @Nullable String> folders,
      SplitPosition start,
      int endRowGroup,
      BufferAllocator allocator) {
    this.file = file;
    this.layout = layout;
    this.schema = layout.schema();
    this.folders = folders;
    this.allocator = allocator;
    this.endRowGroup = endRowGroup;
    this.fileColumns = fileColumns(file.schema(), layout);
    this.unreadable =
        new UnreadableValues(
            layout.columns().stream()
                .anyMatch(column -> column.origin() == OutputColumn.Origin.UNREADABLE_VALUE));
    this.rowGroup = Math.toIntExact(start.offset());
    this.row = start.row();
    for (int before = 0; before < rowGroup; before++) {
      rowsBefore += file.rowGroups().get(before).getRowCount();
    }
  }

  private static MessageType fileColumns(MessageType schema, BatchLayout layout) {
    List<Type> types = new ArrayList<>();
    for (OutputColumn column : layout.columns()) {
      if (column.origin() == OutputColumn.Origin.FILE) {
        types.add(schema.getType(column.name()));
      }
    }
    return new MessageType(schema.getName(), types);
  }

  @Override
  public SplitPosition position() {
    return new SplitPosition(rowGroup, row);
  }

  /**
   * The next rows, which the caller owns, or null at the end of the range.
   *
   * @throws FileReadException if the file cannot be read, or Arrow's memory is exhausted; no batch
   *     is left open
   */
  @Override
  public @Nullable ArrowBatch next() throws FileReadException {
    if (!openRowGroup()) {
      return null;
    }
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
    try {
      int rows = fill(root);
      root.setRowCount(rows);
      return new ArrowBatch(root);
    } catch (FileReadException | RuntimeException | Error failure) {
      root.close();
      throw failure;
    }
  }

  private int fill(VectorSchemaRoot root) throws FileReadException {
    BatchSize size = new BatchSize();
    int rows = 0;
    while (rows < layout.maximumRows() && size.bytes() < layout.maximumBytes() && openRowGroup()) {
      List<RowWriter> writers = writers(root, size);
      long left = rowsOf(rowGroup) - row;
      int limit = (int) Math.min(layout.maximumRows(), rows + left);
      while (rows < limit && size.bytes() < layout.maximumBytes()) {
        writeRow(writers, rows++);
        row++;
      }
    }
    return rows;
  }

  private void writeRow(List<RowWriter> writers, int index) throws FileReadException {
    int column = 0;
    try {
      for (; column < writers.size(); column++) {
        writers.get(column).write(index);
      }
    } catch (RuntimeException | OutOfMemoryError failure) {
      throw new FileReadException(
          file.name(),
          String.format(
              Locale.ROOT,
              "column %s cannot be read at row %,d (row group %d): %s",
              layout.columns().get(column).name(),
              rowsBefore + row,
              rowGroup,
              ReadFailure.explain(failure)),
          failure);
    }
  }

  private List<RowWriter> writers(VectorSchemaRoot root, BatchSize size) {
    List<RowWriter> writers = new ArrayList<>();
    for (int index = 0; index < layout.columns().size(); index++) {
      OutputColumn column = layout.columns().get(index);
      FieldVector vector = root.getVector(index);
      writers.add(
          switch (column.origin()) {
            case FILE ->
                new ColumnDecoders(openColumns(), size, unreadable)
                    .decoder(ColumnShapes.of(fileColumns.getType(column.name())), vector);
            case FOLDER -> constant(vector, folders.get(column.name()), size);
            case PATH -> constant(vector, file.name(), size);
            case ROW_NUMBER -> {
              BigIntVector numbers = (BigIntVector) vector;
              yield cell -> numbers.setSafe(cell, rowsBefore + row);
            }
            case UNREADABLE_VALUE -> {
              VarCharVector texts = (VarCharVector) vector;
              yield cell -> unreadable.write(texts, cell);
            }
          });
    }
    return writers;
  }

  private static RowWriter constant(FieldVector vector, @Nullable String value, BatchSize size) {
    if (value == null) {
      return vector::setNull;
    }
    if (vector instanceof BigIntVector numbers) {
      long number = Long.parseLong(value);
      return index -> numbers.setSafe(index, number);
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    VarCharVector texts = (VarCharVector) vector;
    return index -> {
      size.add(bytes.length);
      texts.setSafe(index, bytes);
    };
  }

  /** Moves to the next row, reading a row group if necessary; false at the end of the range. */
  private boolean openRowGroup() throws FileReadException {
    while (rowGroup < endRowGroup && row >= rowsOf(rowGroup)) {
      closeColumns();
      rowsBefore += rowsOf(rowGroup);
      rowGroup++;
      row = 0;
    }
    if (rowGroup >= endRowGroup) {
      return false;
    }
    if (columns == null && fileColumns.getFieldCount() > 0) {
      RowGroupColumns opened = RowGroupColumns.read(file, rowGroup, fileColumns);
      columns = opened;
      ParquetFile.guarded(
          file.name(), "row group " + rowGroup + " cannot be read", () -> skipRows(opened));
    }
    return true;
  }

  private int skipRows(RowGroupColumns opened) {
    for (LeafColumn leaf : opened.leaves()) {
      for (long skipped = 0; skipped < row; skipped++) {
        leaf.skipRow();
      }
    }
    return 0;
  }

  private RowGroupColumns openColumns() {
    if (columns == null) {
      throw new IllegalStateException("no row group is open");
    }
    return columns;
  }

  private long rowsOf(int index) {
    return file.rowGroups().get(index).getRowCount();
  }

  private void closeColumns() {
    if (columns != null) {
      columns.close();
      columns = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeColumns();
    file.close();
  }
}
