package io.nightshift.job.report.evaluation;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.report.EvaluationFigures;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Compares the answers of an output with its column of truths. */
public final class Evaluation {
  private static final long SPLIT_BYTES = 64L << 20;
  private static final int BATCH_ROWS = 4096;
  private static final long BATCH_BYTES = 4L << 20;

  private final JobSpecification.Evaluation asked;

  /**
   * @param asked the comparison
   */
  public Evaluation(JobSpecification.Evaluation asked) {
    this.asked = asked;
  }

  /**
   * Checks that a column can be the truth.
   *
   * @throws InvalidJobException if its type has no texts that labels could be
   */
  public static void requireType(Field column) {
    switch (column.getType().getTypeID()) {
      case Utf8, LargeUtf8, Int, Bool, FloatingPoint, Decimal -> {}
      default ->
          throw new InvalidJobException(
              "evaluate.column %s is %s: the truth must be text, numbers or booleans"
                  .formatted(column.getName(), column.getType()));
    }
  }

  /**
   * Reads the answers of all runs.
   *
   * @param output folder of the answers
   * @throws InvalidJobException if no truth is a label, so that the column must be another one
   */
  public EvaluationFigures of(Path output) throws IOException {
    EvaluationCounts total = new EvaluationCounts(new Labels(asked.labels()));
    List<FileStatus> files = OutputFiles.list(List.of(output));
    if (!files.isEmpty()) {
      ParquetInputs answers = ParquetInputs.ofFiles(files);
      InputColumns columns = answers.select(EvaluatedRows.columns(asked, answers.columnNames()));
      BatchFormat format =
          answers.format(
              new BatchLayout(columns.columns(), columns.schema(), BATCH_ROWS, BATCH_BYTES));
      ParallelReads.map(
          answers.splits(SPLIT_BYTES),
          split -> {
            EvaluationCounts counts = read(format, split);
            synchronized (total) {
              total.add(counts);
            }
            return split;
          });
    }
    EvaluationFigures figures = total.figures(asked.column());
    requireLabels(figures);
    return figures;
  }

  private EvaluationCounts read(BatchFormat format, FileSplit split) throws IOException {
    EvaluationCounts counts = new EvaluationCounts(new Labels(asked.labels()));
    try (BatchFormat.Batches batches = format.open(split, ArrowMemory.allocator())) {
      for (@Nullable ArrowBatch next = batches.next(); next != null; next = batches.next()) {
        try (ArrowBatch batch = next) {
          new EvaluatedRows(asked, batch.root()).addTo(counts);
        }
      }
    }
    return counts;
  }

  private void requireLabels(EvaluationFigures figures) {
    boolean known = figures.rows() + figures.rowsWithoutAnswer() > 0;
    if (!known && figures.rowsWithOtherTruth() > 0) {
      throw new InvalidJobException(
          "the answers are there, but no value of evaluate.column %s is one of the labels (%s): its values are %s; name the column that has these labels, or leave evaluate out"
              .formatted(
                  asked.column(),
                  EvaluationText.some(asked.labels()),
                  EvaluationText.some(figures.otherTruths())));
    }
  }
}
