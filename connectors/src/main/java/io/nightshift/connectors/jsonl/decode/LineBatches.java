package io.nightshift.connectors.jsonl.decode;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.jsonl.file.LineReader;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.connectors.source.OutputColumn;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a range of lines. A line that is malformed or too long is a row of nulls, with the
 * reason in the column for it; if there is none, reading fails. Blank lines are no rows.
 */
final class LineBatches implements BatchFormat.Batches {
  private final String file;
  private final BatchLayout layout;
  private final Schema schema;
  private final LineParser parser;
  private final LineReader lines;
  private final BufferAllocator allocator;
  private final Map<String, @Nullable String> folders;
  private final boolean recordsUnreadable;

  private long linesBefore;
  private boolean atLine;

  /**
   * Takes ownership of {@code lines}.
   *
   * @param split whose position {@code lines} begin at
   */
  LineBatches(
      FileSplit split,
      BatchLayout layout,
      LineParser parser,
      LineReader lines,
      BufferAllocator allocator) {
    this.file = split.path();
    this.layout = layout;
    this.schema = layout.schema();
    this.parser = parser;
    this.lines = lines;
    this.allocator = allocator;
    this.folders = split.folders();
    this.recordsUnreadable =
        layout.columns().stream()
            .anyMatch(column -> column.origin() == OutputColumn.Origin.UNREADABLE_VALUE);
    this.linesBefore = split.position().row();
  }

  /** The batch begins with the first line behind the position that is not blank. */
  @Override
  public SplitPosition position() {
    return new SplitPosition(lines.nextOffset(), linesBefore);
  }

  @Override
  public @Nullable ArrowBatch next() throws IOException {
    if (!moveToRow()) {
      return null;
    }
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
    try {
      root.setRowCount(fill(root));
      return new ArrowBatch(root);
    } catch (OutOfMemoryException e) {
      root.close();
      throw new FileReadException(
          file, String.format(Locale.ROOT, "line %,d: %s", linesBefore + 1, e.getMessage()), e);
    } catch (IOException | RuntimeException | Error failure) {
      root.close();
      throw failure;
    }
  }

  private int fill(VectorSchemaRoot root) throws IOException {
    int rows = 0;
    long bytes = 0;
    do {
      writeRow(root, rows++);
      bytes += lines.length();
      atLine = false;
      linesBefore++;
    } while (rows < layout.maximumRows() && bytes < layout.maximumBytes() && moveToRow());
    return rows;
  }

  /** Moves to the next line that is a row, unless the reader is at one; false at the end. */
  private boolean moveToRow() throws FileReadException {
    try {
      while (!atLine && lines.next()) {
        if (lines.isBlank()) {
          linesBefore++;
        } else {
          atLine = true;
        }
      }
      return atLine;
    } catch (IOException e) {
      throw new FileReadException(
          file, "line %s cannot be read: %s".formatted(linesBefore + 1, e.getMessage()), e);
    }
  }

  private void writeRow(VectorSchemaRoot root, int row) throws FileReadException {
    @Nullable String problem = null;
    Map<String, @Nullable Object> values = Map.of();
    try {
      values = parser.parse(lines);
    } catch (MalformedLineException e) {
      FileReadException named =
          new FileReadException(file, "line %s, %s".formatted(linesBefore + 1, e.getMessage()), e);
      if (!recordsUnreadable) {
        throw named;
      }
      problem = named.getMessage();
    }
    List<OutputColumn> columns = layout.columns();
    for (int i = 0; i < columns.size(); i++) {
      OutputColumn column = columns.get(i);
      FieldVector vector = root.getVector(i);
      switch (column.origin()) {
        case FILE -> VectorCells.write(vector, row, values.get(column.name()));
        case FOLDER -> VectorCells.write(vector, row, folder(vector, column.name()));
        case PATH -> VectorCells.write(vector, row, file);
        case ROW_NUMBER -> VectorCells.write(vector, row, linesBefore);
        case UNREADABLE_VALUE -> VectorCells.write(vector, row, problem);
      }
    }
  }

  private @Nullable Object folder(FieldVector vector, String key) {
    @Nullable String value = folders.get(key);
    return value != null && vector instanceof BigIntVector ? (Object) Long.parseLong(value) : value;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
