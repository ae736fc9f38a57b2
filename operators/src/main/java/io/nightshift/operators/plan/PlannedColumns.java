package io.nightshift.operators.plan;

import io.nightshift.connectors.units.KeyNames;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of the work units of a plan. The sort key of a row is its prompt's token ids. */
public final class PlannedColumns {
  /** Token ids of the prompt; in files without those that the row before begins with as well. */
  public static final String TOKENS = "tokens";

  /** File that the row was read from. */
  public static final String SOURCE_FILE = "source_file";

  /** Number of the row in that file, from 0. */
  public static final String SOURCE_ROW = "source_row";

  /** Why the row has no tokens; null if it has some. */
  public static final String ERROR_CODE = "error_code";

  /** Explains the error code; null without one. */
  public static final String ERROR_MESSAGE = "error_message";

  /** A struct of the kept input columns. */
  public static final String COLUMNS = "columns";

  /** The names of the sort key. */
  public static final KeyNames KEY =
      new KeyNames(
          TOKENS, "shared_tokens", "nightshift.prompt-tokens", "nightshift.computed-tokens");

  private static final ArrowType INT64 = new ArrowType.Int(64, true);
  private static final ArrowType UTF8 = ArrowType.Utf8.INSTANCE;

  private PlannedColumns() {}

  /**
   * The columns behind those of the sort key.
   *
   * @param kept schema of the kept input columns
   */
  static List<Field> behindKey(Schema kept) {
    return List.of(
        Field.notNullable(SOURCE_FILE, UTF8),
        Field.notNullable(SOURCE_ROW, INT64),
        Field.nullable(ERROR_CODE, UTF8),
        Field.nullable(ERROR_MESSAGE, UTF8),
        new Field(COLUMNS, FieldType.notNullable(ArrowType.Struct.INSTANCE), kept.getFields()));
  }
}
