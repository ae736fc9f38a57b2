package io.nightshift.job.report.comparison;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.report.answers.OutputScan;
import io.nightshift.operators.infer.AnswerSchema;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Rows are the same if they come from the same row of the same input file. */
record SourceRowKeys() implements RowKeys {
  @Override
  public List<String> columns() {
    return List.of(AnswerSchema.SOURCE_FILE, AnswerSchema.SOURCE_ROW);
  }

  @Override
  public void requireIn(String output, OutputScan rows) {
    for (String column : columns()) {
      if (!rows.columns().contains(column)) {
        throw new InvalidJobException(
            "%s has no column %s: name a column that identifies rows with --key, or run both jobs with output.source-columns: true"
                .formatted(output, column));
      }
    }
  }

  @Override
  public IntFunction<@Nullable RowKey> of(VectorSchemaRoot batch) {
    VarCharVector files = (VarCharVector) batch.getVector(AnswerSchema.SOURCE_FILE);
    BigIntVector rows = (BigIntVector) batch.getVector(AnswerSchema.SOURCE_ROW);
    return row -> new RowKey(new String(files.get(row), UTF_8), rows.get(row));
  }

  @Override
  public String text(RowKey key) {
    return "row " + key.number() + " of " + key.text();
  }

  @Override
  public String remedy() {
    return "compare outputs of the same input files, or name a column that identifies rows with --key";
  }
}
