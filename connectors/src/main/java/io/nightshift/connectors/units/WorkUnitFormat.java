package io.nightshift.connectors.units;

import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * How rows of one type are stored in work units: as a sort key, and columns behind it that only the
 * format knows the meaning of.
 *
 * @param <R> the rows
 */
public interface WorkUnitFormat<R> {

  /** The names of what belongs to the sort key. */
  KeyNames keyNames();

  /** The columns behind those of the sort key. */
  List<Field> fields();

  /** The sort key of a row; not copied. */
  int[] key(R row);

  /**
   * A writer of the columns of {@link #fields} into batches.
   *
   * @param batch of a file; used for one batch after the other
   */
  ColumnWriter<R> columnWriter(VectorSchemaRoot batch);

  /** Writes the columns of rows into a batch. */
  @FunctionalInterface
  interface ColumnWriter<R> {
    /**
     * @param index of the row in the batch
     * @return about how many bytes the columns of the row take
     */
    long write(R row, int index);
  }
}
