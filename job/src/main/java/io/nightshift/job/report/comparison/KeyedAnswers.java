package io.nightshift.job.report.comparison;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.job.report.answers.OutputScan;
import io.nightshift.operators.infer.AnswerSchema;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Reads the answers of those rows of a part of an output that have a key. */
abstract class KeyedAnswers implements OutputScan.PartReader {
  private final RowKeys keys;

  KeyedAnswers(RowKeys keys) {
    this.keys = keys;
  }

  /** The columns of an output that are read. */
  static List<String> columns(RowKeys keys) {
    return Stream.concat(
            keys.columns().stream(), Stream.of(AnswerSchema.COMPLETION, AnswerSchema.ERROR_CODE))
        .toList();
  }

  @Override
  public final void read(VectorSchemaRoot batch, long firstRow) {
    IntFunction<@Nullable RowKey> keysOfBatch = keys.of(batch);
    VarCharVector completions = (VarCharVector) batch.getVector(AnswerSchema.COMPLETION);
    VarCharVector errors = (VarCharVector) batch.getVector(AnswerSchema.ERROR_CODE);
    for (int row = 0; row < batch.getRowCount(); row++) {
      RowKey key = keysOfBatch.apply(row);
      if (key != null) {
        read(key, answer(completions, errors, row));
      }
    }
  }

  private static String answer(VarCharVector completions, VarCharVector errors, int row) {
    if (!errors.isNull(row)) {
      return "error " + new String(errors.get(row), UTF_8);
    }
    return completions.isNull(row) ? "" : new String(completions.get(row), UTF_8);
  }

  /**
   * Reads a row.
   *
   * @param answer or the code of the error
   */
  abstract void read(RowKey key, String answer);
}
