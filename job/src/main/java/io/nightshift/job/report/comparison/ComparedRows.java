package io.nightshift.job.report.comparison;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.operators.infer.AnswerSchema;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A cursor over the rows of a batch of an output that is compared. */
final class ComparedRows {
  static final List<String> COLUMNS =
      List.of(
          AnswerSchema.SOURCE_FILE,
          AnswerSchema.SOURCE_ROW,
          AnswerSchema.COMPLETION,
          AnswerSchema.ERROR_CODE);

  private final VarCharVector files;
  private final BigIntVector sourceRows;
  private final VarCharVector completions;
  private final VarCharVector errors;
  private final int rows;
  private final MessageDigest digest = sha256();
  private int row = -1;

  /**
   * @param batch of {@link #COLUMNS}; it belongs to the caller
   */
  ComparedRows(VectorSchemaRoot batch) {
    files = (VarCharVector) batch.getVector(AnswerSchema.SOURCE_FILE);
    sourceRows = (BigIntVector) batch.getVector(AnswerSchema.SOURCE_ROW);
    completions = (VarCharVector) batch.getVector(AnswerSchema.COMPLETION);
    errors = (VarCharVector) batch.getVector(AnswerSchema.ERROR_CODE);
    rows = batch.getRowCount();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Moves to the next row; false at the end. */
  boolean next() {
    return ++row < rows;
  }

  String file() {
    return new String(files.get(row), UTF_8);
  }

  long sourceRow() {
    return sourceRows.get(row);
  }

  /** The answer, or the code of the error. */
  String answer() {
    if (!errors.isNull(row)) {
      return "error " + new String(errors.get(row), UTF_8);
    }
    return completions.isNull(row) ? "" : new String(completions.get(row), UTF_8);
  }

  /** Identifies an answer: the beginning of its SHA-256, and never 0. */
  long fingerprint(String answer) {
    long fingerprint = ByteBuffer.wrap(digest.digest(answer.getBytes(UTF_8))).getLong();
    return fingerprint == 0 ? 1 : fingerprint;
  }
}
