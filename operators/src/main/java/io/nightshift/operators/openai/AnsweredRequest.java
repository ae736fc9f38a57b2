package io.nightshift.operators.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.operators.infer.AnswerSchema;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * A request of a line, with its answer.
 *
 * @param part number of the request among those of its line, from 0
 * @param parts their number
 * @param parameters as JSON; null if the body was refused
 * @param choice JSON of the choice or embedding; null with an error
 * @param errorCode null without an error
 * @param errorParameter that the error is about; null if it is about none
 */
record AnsweredRequest(
    String customId,
    int part,
    int parts,
    @Nullable String parameters,
    @Nullable String choice,
    int promptTokens,
    int cachedTokens,
    int outputTokens,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    @Nullable String errorParameter) {

  /** The columns of the output that have these. */
  static List<String> columns() {
    return List.of(
        RequestColumns.CUSTOM_ID,
        RequestColumns.PART,
        RequestColumns.PARTS,
        RequestColumns.PARAMETERS,
        RequestColumns.ERROR_PARAMETER,
        AnswerSchema.COMPLETION,
        AnswerSchema.PROMPT_TOKENS,
        AnswerSchema.CACHED_TOKENS,
        AnswerSchema.OUTPUT_TOKENS,
        AnswerSchema.ERROR_CODE,
        AnswerSchema.ERROR_MESSAGE);
  }

  /** A row of a batch that has these columns. */
  static AnsweredRequest read(VectorSchemaRoot batch, int row) {
    return new AnsweredRequest(
        Objects.requireNonNull(text(batch, RequestColumns.CUSTOM_ID, row)),
        number(batch, RequestColumns.PART, row),
        number(batch, RequestColumns.PARTS, row),
        text(batch, RequestColumns.PARAMETERS, row),
        text(batch, AnswerSchema.COMPLETION, row),
        number(batch, AnswerSchema.PROMPT_TOKENS, row),
        number(batch, AnswerSchema.CACHED_TOKENS, row),
        number(batch, AnswerSchema.OUTPUT_TOKENS, row),
        text(batch, AnswerSchema.ERROR_CODE, row),
        text(batch, AnswerSchema.ERROR_MESSAGE, row),
        text(batch, RequestColumns.ERROR_PARAMETER, row));
  }

  private static @Nullable String text(VectorSchemaRoot batch, String column, int row) {
    VarCharVector vector = (VarCharVector) batch.getVector(column);
    return vector.isNull(row) ? null : new String(vector.get(row), UTF_8);
  }

  private static int number(VectorSchemaRoot batch, String column, int row) {
    return ((IntVector) batch.getVector(column)).get(row);
  }
}
