package io.nightshift.job.report.evaluation;

import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.report.EvaluationFigures;
import io.nightshift.job.report.answers.OutputScan;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** Compares the answers of an output with its column of truths. */
public final class Evaluation {
  private final JobSpecification.Evaluation asked;
  private final boolean added;

  /**
   * @param asked the comparison
   * @param added whether only the comparison keeps the column of truths in the output
   */
  public Evaluation(JobSpecification.Evaluation asked, boolean added) {
    this.asked = asked;
    this.added = added;
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
   * @param folders of the answers, and of rows with an error
   * @throws InvalidJobException if no truth is a label, so that the column must be another one
   */
  public EvaluationFigures of(List<Path> folders) throws IOException {
    EvaluationCounts total = new EvaluationCounts(new Labels(asked.labels()));
    List<FileStatus> files = OutputFiles.list(folders);
    if (!files.isEmpty()) {
      OutputScan answers = OutputScan.of(files);
      answers
          .read(EvaluatedRows.columns(asked, answers.columns()), part -> new CountingReader(asked))
          .forEach(part -> total.add(part.counts));
    }
    EvaluationFigures figures = total.figures(asked.column());
    requireLabels(figures);
    return figures;
  }

  /** Counts the rows of a part. */
  private static final class CountingReader implements OutputScan.PartReader {
    private final JobSpecification.Evaluation asked;
    private final EvaluationCounts counts;

    CountingReader(JobSpecification.Evaluation asked) {
      this.asked = asked;
      counts = new EvaluationCounts(new Labels(asked.labels()));
    }

    @Override
    public void read(VectorSchemaRoot batch, long firstRow) {
      new EvaluatedRows(asked, batch).addTo(counts);
    }
  }

  private void requireLabels(EvaluationFigures figures) {
    boolean known = figures.rows() + figures.rowsWithoutAnswer() > 0;
    if (!known && figures.rowsWithOtherTruth() > 0) {
      throw new InvalidJobException(
          "the answers are there, but no value of evaluate.column %s is one of the labels (%s): its values are %s; %s"
              .formatted(
                  asked.column(),
                  EvaluationText.some(asked.labels()),
                  EvaluationText.some(figures.otherTruths()),
                  added
                      ? "run with --fresh and the column that has these labels, since this output has no other"
                      : "name the column that has these labels, or leave evaluate out"));
    }
  }
}
