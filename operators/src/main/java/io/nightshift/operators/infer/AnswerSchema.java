package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.schema.UniqueName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of an output row that follow the kept input columns. */
public final class AnswerSchema {
  public static final String COMPLETION = "completion";
  public static final String FINISH_REASON = "finish_reason";

  /** The embedding of the prompt, in place of completion and output tokens; optional. */
  public static final String EMBEDDING = "embedding";

  /** The answer as a value of its JSON schema's type; optional. */
  public static final String ANSWER = "answer";

  /** Probabilities of the answer's enumerated fields, by JSON pointer; optional. */
  public static final String FIELD_PROBABILITIES = "field_probabilities";

  public static final String CHOICE_PROBABILITIES = "choice_probabilities";

  /** What the model thought before it answered; optional. */
  public static final String REASONING = "reasoning";

  /** A list of the output tokens, with their log probabilities; optional. */
  public static final String LOGPROBS = "logprobs";

  public static final String PROMPT_TOKENS = "prompt_tokens";
  public static final String CACHED_TOKENS = "cached_tokens";
  public static final String OUTPUT_TOKENS = "output_tokens";
  public static final String ERROR_CODE = "error_code";
  public static final String ERROR_MESSAGE = "error_message";

  /** File of the input row; optional. */
  public static final String SOURCE_FILE = "source_file";

  /** Number of the input row in that file, from 0; optional. */
  public static final String SOURCE_ROW = "source_row";

  /** Names of the columns that hold a text or a number; {@link #ANSWER} may also be nested. */
  public static final Set<String> PLAIN_COLUMNS =
      Set.of(
          COMPLETION,
          FINISH_REASON,
          ANSWER,
          REASONING,
          PROMPT_TOKENS,
          CACHED_TOKENS,
          OUTPUT_TOKENS,
          ERROR_CODE,
          ERROR_MESSAGE,
          SOURCE_FILE,
          SOURCE_ROW);

  /** Names of the others, which are always nested. */
  public static final Set<String> NESTED_COLUMNS =
      Set.of(EMBEDDING, FIELD_PROBABILITIES, CHOICE_PROBABILITIES, LOGPROBS);

  static final String TOKEN = "token";
  static final String TOKEN_ID = "token_id";
  static final String LOGPROB = "logprob";

  /** The most probable tokens at the position of an output token. */
  static final String TOP = "top";

  private static final ArrowType UTF8 = ArrowType.Utf8.INSTANCE;
  private static final ArrowType INT64 = new ArrowType.Int(64, true);
  private static final ArrowType INT32 = new ArrowType.Int(32, true);
  private static final ArrowType FLOAT64 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
  private static final ArrowType FLOAT16 = new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
  private static final ArrowType FLOAT32 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);

  private AnswerSchema() {}

  /**
   * The schema of output rows. A kept column may not have the name of an answer column in any case:
   * most readers of tables ignore the case of column names.
   *
   * @param kept the kept input columns
   * @param columns which of the optional columns there are
   * @throws IllegalArgumentException if a kept column has the name of an answer column
   */
  public static Schema outputSchema(Schema kept, AnswerColumns columns) {
    List<Field> fields = new ArrayList<>(kept.getFields());
    for (Field answer : fields(columns)) {
      for (Field column : kept.getFields()) {
        if (column.getName().equalsIgnoreCase(answer.getName())) {
          throw new IllegalArgumentException(
              "the input column %s has the name of the answer column %s: leave it out with output.columns, or rename it"
                  .formatted(column.getName(), answer.getName()));
        }
      }
      fields.add(answer);
    }
    return new Schema(fields);
  }

  /**
   * Name of the column with the file of a row's work unit, in batches for the sink. Not written:
   * the sink records in the footer of each file which rows it contains.
   */
  public static String unitFile(Schema output) {
    return UniqueName.in(output, "__unit_file");
  }

  /**
   * Name of the column with the number of a row in its work unit, in batches for the sink. Not
   * written.
   */
  public static String unitRow(Schema output) {
    return UniqueName.in(output, "__unit_row");
  }

  /**
   * The schema of batches for the sink: output rows with the file of their work unit and the row in
   * it.
   */
  static Schema withOrigin(Schema output) {
    List<Field> fields = new ArrayList<>(output.getFields());
    fields.add(Field.notNullable(unitFile(output), UTF8));
    fields.add(Field.notNullable(unitRow(output), INT64));
    return new Schema(fields);
  }

  private static List<Field> fields(AnswerColumns columns) {
    List<Field> fields = new ArrayList<>();
    columns
        .embedding()
        .ifPresentOrElse(
            embedding -> fields.add(embedding(embedding)),
            () -> fields.add(Field.nullable(COMPLETION, UTF8)));
    fields.add(Field.notNullable(FINISH_REASON, UTF8));
    columns.answer().ifPresent(fields::add);
    if (columns.fieldProbabilities()) {
      fields.add(probabilities(FIELD_PROBABILITIES));
    }
    if (columns.choices()) {
      fields.add(probabilities(CHOICE_PROBABILITIES));
    }
    if (columns.reasoning()) {
      fields.add(Field.nullable(REASONING, UTF8));
    }
    if (columns.logprobs()) {
      fields.add(logprobs());
    }
    fields.add(Field.notNullable(PROMPT_TOKENS, INT32));
    fields.add(Field.notNullable(CACHED_TOKENS, INT32));
    if (columns.embedding().isEmpty()) {
      fields.add(Field.notNullable(OUTPUT_TOKENS, INT32));
    }
    fields.add(Field.nullable(ERROR_CODE, UTF8));
    fields.add(Field.nullable(ERROR_MESSAGE, UTF8));
    if (columns.source()) {
      fields.add(Field.notNullable(SOURCE_FILE, UTF8));
      fields.add(Field.notNullable(SOURCE_ROW, INT64));
    }
    return fields;
  }

  private static Field embedding(AnswerEmbedding embedding) {
    return new Field(
        EMBEDDING,
        FieldType.nullable(new ArrowType.FixedSizeList(embedding.size())),
        List.of(
            Field.notNullable(
                ListVector.DATA_VECTOR_NAME, embedding.float16() ? FLOAT16 : FLOAT32)));
  }

  private static Field logprobs() {
    Field top = list(TOP, FieldType.notNullable(ArrowType.List.INSTANCE), token(false));
    return list(LOGPROBS, FieldType.nullable(ArrowType.List.INSTANCE), token(true, top));
  }

  private static Field list(String name, FieldType type, List<Field> element) {
    Field struct =
        new Field(
            ListVector.DATA_VECTOR_NAME, FieldType.notNullable(ArrowType.Struct.INSTANCE), element);
    return new Field(name, type, List.of(struct));
  }

  private static List<Field> token(boolean nullable, Field... more) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.notNullable(TOKEN, UTF8));
    fields.add(Field.notNullable(TOKEN_ID, INT32));
    fields.add(nullable ? Field.nullable(LOGPROB, FLOAT32) : Field.notNullable(LOGPROB, FLOAT32));
    fields.addAll(List.of(more));
    return fields;
  }

  private static Field probabilities(String name) {
    Field entries =
        new Field(
            MapVector.DATA_VECTOR_NAME,
            FieldType.notNullable(ArrowType.Struct.INSTANCE),
            List.of(
                Field.notNullable(MapVector.KEY_NAME, UTF8),
                Field.nullable(MapVector.VALUE_NAME, FLOAT64)));
    return new Field(name, FieldType.nullable(new ArrowType.Map(false)), List.of(entries));
  }
}
