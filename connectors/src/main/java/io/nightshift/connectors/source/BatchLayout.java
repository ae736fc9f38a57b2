package io.nightshift.connectors.source;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns and the size of the batches of an input.
 *
 * <p>A batch ends at {@code maximumRows} rows, or with the row that brings its values to {@code
 * maximumBytes}. It exceeds the bytes by less than one row.
 */
public final class BatchLayout implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<OutputColumn> columns;
  private final byte[] schema;
  private final int maximumRows;
  private final long maximumBytes;

  /**
   * @param columns one for each field of {@code schema}, in its order
   */
  public BatchLayout(
      List<OutputColumn> columns, Schema schema, int maximumRows, long maximumBytes) {
    if (maximumRows < 1 || maximumBytes < 1) {
      throw new IllegalArgumentException(
          "A batch has at least one row and one byte, not "
              + maximumRows
              + " rows and "
              + maximumBytes
              + " bytes.");
    }
    this.columns = List.copyOf(columns);
    this.schema = schema.serializeAsMessage();
    this.maximumRows = maximumRows;
    this.maximumBytes = maximumBytes;
  }

  public List<OutputColumn> columns() {
    return columns;
  }

  /** Names of the columns that are in the files themselves. */
  public Set<String> fileColumns() {
    return columns.stream()
        .filter(column -> column.origin() == OutputColumn.Origin.FILE)
        .map(OutputColumn::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  public Schema schema() {
    return Schema.deserializeMessage(ByteBuffer.wrap(schema));
  }

  public int maximumRows() {
    return maximumRows;
  }

  public long maximumBytes() {
    return maximumBytes;
  }
}
