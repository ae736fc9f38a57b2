package io.nightshift.job.report.evaluation;

import io.nightshift.job.progress.NumberText;
import io.nightshift.job.progress.VisibleText;
import io.nightshift.job.report.EvaluationFigures;
import io.nightshift.job.report.EvaluationFigures.LabelFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation as lines of a run's report. */
public final class EvaluationText {
  private static final int LABELS = 12;
  private static final int NAMED = 5;

  private EvaluationText() {}

  /** The lines, the most important first. */
  public static List<String> of(EvaluationFigures figures) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "accuracy %s of %s with a truth in %s"
            .formatted(
                fraction(figures.accuracy()),
                NumberText.count(figures.rows(), "row"),
                figures.column()));
    Double certain = figures.accuracyOfMostCertainQuarter();
    Double error = figures.expectedCalibrationError();
    if (certain != null && error != null) {
      lines.add(
          "accuracy %s of the most certain quarter, expected calibration error %s"
              .formatted(fraction(certain), fraction(error)));
    }
    addRowsApart(lines, figures);
    addLabels(lines, figures.labels());
    mostConfused(figures, lines);
    return lines;
  }

  private static void addRowsApart(List<String> lines, EvaluationFigures figures) {
    if (figures.rowsWithoutTruth() > 0) {
      lines.add(NumberText.count(figures.rowsWithoutTruth(), "row") + " without a truth");
    }
    if (figures.rowsWithoutAnswer() > 0) {
      lines.add(NumberText.count(figures.rowsWithoutAnswer(), "row") + " without an answer");
    }
    if (figures.rowsWithOtherTruth() > 0) {
      lines.add(
          "%s whose truth is no label: %s"
              .formatted(
                  NumberText.count(figures.rowsWithOtherTruth(), "row"),
                  some(figures.otherTruths())));
    }
  }

  private static void addLabels(List<String> lines, List<LabelFigures> labels) {
    labels.stream().limit(LABELS).forEach(label -> lines.add(line(label)));
    if (labels.size() > LABELS) {
      lines.add(
          "precision and recall of %s are on the report's page"
              .formatted(NumberText.count(labels.size() - LABELS, "more label")));
    }
  }

  private static String line(LabelFigures label) {
    return "%s: precision %s, recall %s of %s"
        .formatted(
            VisibleText.label(label.label()),
            fraction(label.precision()),
            fraction(label.recall()),
            NumberText.count(label.rows(), "row"));
  }

  private static void mostConfused(EvaluationFigures figures, List<String> lines) {
    long[][] matrix = figures.confusionMatrix();
    int expected = 0;
    int given = 0;
    long most = 0;
    for (int truth = 0; truth < matrix.length; truth++) {
      for (int answer = 0; answer < matrix.length; answer++) {
        if (truth != answer && matrix[truth][answer] > most) {
          most = matrix[truth][answer];
          expected = truth;
          given = answer;
        }
      }
    }
    if (most > 0) {
      lines.add(
          "most often confused: %s answered as %s (%s)"
              .formatted(
                  VisibleText.label(figures.matrixLabels().get(expected)),
                  VisibleText.label(figures.matrixLabels().get(given)),
                  NumberText.count(most, "row")));
    }
  }

  private static String fraction(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** The first of some texts. */
  static String some(List<String> texts) {
    List<String> first = texts.stream().limit(NAMED).map(VisibleText::label).toList();
    return String.join(", ", first) + (texts.size() > NAMED ? ", ..." : "");
  }
}
