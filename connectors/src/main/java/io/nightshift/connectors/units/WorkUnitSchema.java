package io.nightshift.connectors.units;

import java.util.List;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of work units. In a file, a row's tokens are front-coded: {@link #SHARED_TOKENS} says
 * how many leading tokens it has in common with the row before it, {@link #TOKENS} has the rest. In
 * the batches that a {@link WorkUnitReader} gives, {@link #TOKENS} has them all.
 */
public final class WorkUnitSchema {
  public static final String SHARED_TOKENS = "shared_tokens";
  public static final String TOKENS = "tokens";

  /** File that the row was read from. */
  public static final String SOURCE_FILE = "source_file";

  /** Number of the row in that file, from 0. */
  public static final String SOURCE_ROW = "source_row";

  /** Why the row has no tokens; null where it has some. */
  public static final String ERROR_CODE = "error_code";

  public static final String ERROR_MESSAGE = "error_message";

  /** A struct of the kept input columns. */
  public static final String COLUMNS = "columns";

  /** File of the unit, as the plan names it; in batches only. */
  public static final String UNIT_FILE = "unit_file";

  /** Number of the row in the unit, from 0; in batches only. */
  public static final String UNIT_ROW = "unit_row";

  static final ArrowType INT32 = new ArrowType.Int(32, true);
  private static final ArrowType INT64 = new ArrowType.Int(64, true);
  private static final ArrowType UTF8 = ArrowType.Utf8.INSTANCE;

  private WorkUnitSchema() {}

  /** The schema of a unit's file, given the schema of the kept input columns. */
  static Schema ofFile(Schema kept) {
    return new Schema(
        List.of(
            Field.notNullable(SHARED_TOKENS, INT32),
            tokens(),
            Field.notNullable(SOURCE_FILE, UTF8),
            Field.notNullable(SOURCE_ROW, INT64),
            Field.nullable(ERROR_CODE, UTF8),
            Field.nullable(ERROR_MESSAGE, UTF8),
            columns(kept)));
  }

  private static Field tokens() {
    Field element = new Field(ListVector.DATA_VECTOR_NAME, FieldType.notNullable(INT32), null);
    return new Field(TOKENS, FieldType.notNullable(ArrowType.List.INSTANCE), List.of(element));
  }

  private static Field columns(Schema kept) {
    return new Field(COLUMNS, FieldType.notNullable(ArrowType.Struct.INSTANCE), kept.getFields());
  }
}
