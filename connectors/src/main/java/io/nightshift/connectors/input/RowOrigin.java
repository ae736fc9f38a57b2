package io.nightshift.connectors.input;

import io.nightshift.connectors.arrow.schema.UniqueName;
import io.nightshift.connectors.source.OutputColumn;
import io.nightshift.connectors.source.OutputColumn.Origin;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The last columns of batches, which tell where rows come from; see {@link
 * InputColumns#withRowOrigin()}. They are found by their position, because a file may have columns
 * of any name.
 *
 * @param files the path of the file that a row comes from
 * @param rows the number of a row in its file, from 0
 * @param unreadable why a value of the row could not be read and is null instead; null if all could
 */
public record RowOrigin(VarCharVector files, BigIntVector rows, VarCharVector unreadable) {
  private static final String FILE = "__file";
  private static final String ROW = "__row";
  private static final String UNREADABLE = "__unreadable";
  private static final int COLUMNS = 3;

  /** Finds these columns in a batch that has them. */
  public static RowOrigin of(VectorSchemaRoot batch) {
    int first = batch.getFieldVectors().size() - COLUMNS;
    return new RowOrigin(
        (VarCharVector) batch.getVector(first),
        (BigIntVector) batch.getVector(first + 1),
        (VarCharVector) batch.getVector(first + 2));
  }

  static List<OutputColumn> columns(Schema schema) {
    return List.of(
        new OutputColumn(UniqueName.in(schema, FILE), Origin.PATH),
        new OutputColumn(UniqueName.in(schema, ROW), Origin.ROW_NUMBER),
        new OutputColumn(UniqueName.in(schema, UNREADABLE), Origin.UNREADABLE_VALUE));
  }

  static Field field(OutputColumn column) {
    ArrowType type =
        column.origin() == Origin.ROW_NUMBER
            ? new ArrowType.Int(64, true)
            : ArrowType.Utf8.INSTANCE;
    return column.origin() == Origin.UNREADABLE_VALUE
        ? Field.nullable(column.name(), type)
        : Field.notNullable(column.name(), type);
  }
}
