package io.nightshift.operators.infer;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns that an output row has behind the kept input columns. */
public final class AnswerColumns {
  public static final String COMPLETION = "completion";
  public static final String FINISH_REASON = "finish_reason";
  public static final String CHOICE_PROBABILITIES = "choice_probabilities";
  public static final String PROMPT_TOKENS = "prompt_tokens";
  public static final String CACHED_TOKENS = "cached_tokens";
  public static final String OUTPUT_TOKENS = "output_tokens";
  public static final String ERROR_CODE = "error_code";
  public static final String ERROR_MESSAGE = "error_message";

  /**
   * Name of the file of the row's work unit. Not written: the sink records in its files which rows
   * they have.
   */
  public static final String UNIT_FILE = "__unit_file";

  /** Number of the row in its work unit. Not written. */
  public static final String UNIT_ROW = "__unit_row";

  private static final ArrowType UTF8 = ArrowType.Utf8.INSTANCE;
  private static final ArrowType INT32 = new ArrowType.Int(32, true);
  private static final ArrowType FLOAT64 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

  private AnswerColumns() {}

  /**
   * The schema of output rows.
   *
   * @param kept the kept input columns
   * @param withChoices whether rows are answered with one of some choices
   * @throws IllegalArgumentException if a kept column has the name of an answer column
   */
  public static Schema outputSchema(Schema kept, boolean withChoices) {
    List<Field> fields = new ArrayList<>(kept.getFields());
    for (Field answer : fields(withChoices)) {
      if (kept.getFields().stream().anyMatch(field -> field.getName().equals(answer.getName()))) {
        throw new IllegalArgumentException(
            "the input column "
                + answer.getName()
                + " has the name of an answer column: leave it out with output.columns");
      }
      fields.add(answer);
    }
    return new Schema(fields);
  }

  /** The schema of the batches that go to the sink: output rows and where they come from. */
  static Schema withOrigin(Schema output) {
    List<Field> fields = new ArrayList<>(output.getFields());
    fields.add(Field.notNullable(UNIT_FILE, UTF8));
    fields.add(Field.notNullable(UNIT_ROW, new ArrowType.Int(64, true)));
    return new Schema(fields);
  }

  private static List<Field> fields(boolean withChoices) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.nullable(COMPLETION, UTF8));
    fields.add(Field.notNullable(FINISH_REASON, UTF8));
    if (withChoices) {
      fields.add(choiceProbabilities());
    }
    fields.add(Field.notNullable(PROMPT_TOKENS, INT32));
    fields.add(Field.notNullable(CACHED_TOKENS, INT32));
    fields.add(Field.notNullable(OUTPUT_TOKENS, INT32));
    fields.add(Field.nullable(ERROR_CODE, UTF8));
    fields.add(Field.nullable(ERROR_MESSAGE, UTF8));
    return fields;
  }

  private static Field choiceProbabilities() {
    Field entries =
        new Field(
            MapVector.DATA_VECTOR_NAME,
            FieldType.notNullable(ArrowType.Struct.INSTANCE),
            List.of(
                Field.notNullable(MapVector.KEY_NAME, UTF8),
                Field.nullable(MapVector.VALUE_NAME, FLOAT64)));
    return new Field(
        CHOICE_PROBABILITIES, FieldType.nullable(new ArrowType.Map(false)), List.of(entries));
  }
}
