package io.nightshift.job.report.answers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.operators.infer.AnswerSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the rows of a batch of an output's columns. Columns that are not there are null.
 */
final class AnswerRow {
  private final @Nullable VarCharVector completion;
  private final @Nullable MapVector choiceProbabilities;
  private final @Nullable MapVector fieldProbabilities;
  private final @Nullable IntVector outputTokens;
  private final @Nullable VarCharVector errorCode;
  private final @Nullable VarCharVector errorMessage;
  private final @Nullable VarCharVector sourceFile;
  private final @Nullable BigIntVector sourceRow;
  private int row;

  AnswerRow(VectorSchemaRoot batch) {
    completion = (VarCharVector) batch.getVector(AnswerSchema.COMPLETION);
    choiceProbabilities = (MapVector) batch.getVector(AnswerSchema.CHOICE_PROBABILITIES);
    fieldProbabilities = (MapVector) batch.getVector(AnswerSchema.FIELD_PROBABILITIES);
    outputTokens = (IntVector) batch.getVector(AnswerSchema.OUTPUT_TOKENS);
    errorCode = (VarCharVector) batch.getVector(AnswerSchema.ERROR_CODE);
    errorMessage = (VarCharVector) batch.getVector(AnswerSchema.ERROR_MESSAGE);
    sourceFile = (VarCharVector) batch.getVector(AnswerSchema.SOURCE_FILE);
    sourceRow = (BigIntVector) batch.getVector(AnswerSchema.SOURCE_ROW);
  }

  /** Those of these columns that an output has. */
  static List<String> columns(Collection<String> ofOutput) {
    List<String> columns = new ArrayList<>();
    for (String column :
        List.of(
            AnswerSchema.CHOICE_PROBABILITIES,
            AnswerSchema.FIELD_PROBABILITIES,
            AnswerSchema.OUTPUT_TOKENS,
            AnswerSchema.ERROR_CODE,
            AnswerSchema.ERROR_MESSAGE,
            AnswerSchema.SOURCE_FILE,
            AnswerSchema.SOURCE_ROW)) {
      if (ofOutput.contains(column)) {
        columns.add(column);
      }
    }
    if (hasDistributions(ofOutput)) {
      columns.add(AnswerSchema.COMPLETION);
    }
    return columns;
  }

  /** Whether an output has the probabilities of choices or fields. */
  static boolean hasDistributions(Collection<String> ofOutput) {
    return ofOutput.contains(AnswerSchema.CHOICE_PROBABILITIES)
        || ofOutput.contains(AnswerSchema.FIELD_PROBABILITIES);
  }

  /** Moves to a row of the batch. */
  AnswerRow at(int index) {
    row = index;
    return this;
  }

  @Nullable String completion() {
    return text(completion);
  }

  @Nullable String errorCode() {
    return text(errorCode);
  }

  @Nullable String errorMessage() {
    return text(errorMessage);
  }

  @Nullable String sourceFile() {
    return text(sourceFile);
  }

  @Nullable Long sourceRow() {
    return sourceRow == null || sourceRow.isNull(row) ? null : sourceRow.get(row);
  }

  /** Tokens of the answer; -1 if it has none. */
  int outputTokens() {
    return outputTokens == null || outputTokens.isNull(row) ? -1 : outputTokens.get(row);
  }

  boolean hasChoices() {
    return choiceProbabilities != null && !choiceProbabilities.isNull(row);
  }

  /** The probability of each choice. */
  void forEachChoice(BiConsumer<String, Double> action) {
    forEach(choiceProbabilities, action);
  }

  /** The probability of each enumerated field, by JSON pointer. */
  void forEachField(BiConsumer<String, Double> action) {
    forEach(fieldProbabilities, action);
  }

  private void forEach(@Nullable MapVector map, BiConsumer<String, Double> action) {
    if (map == null || map.isNull(row)) {
      return;
    }
    StructVector entries = (StructVector) map.getDataVector();
    VarCharVector keys = entries.getChild(MapVector.KEY_NAME, VarCharVector.class);
    Float8Vector values = entries.getChild(MapVector.VALUE_NAME, Float8Vector.class);
    int end = map.getElementEndIndex(row);
    for (int entry = map.getElementStartIndex(row); entry < end; entry++) {
      if (!values.isNull(entry)) {
        action.accept(new String(keys.get(entry), UTF_8), values.get(entry));
      }
    }
  }

  private @Nullable String text(@Nullable VarCharVector column) {
    return column == null || column.isNull(row) ? null : new String(column.get(row), UTF_8);
  }
}
