package io.nightshift.job.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers compared with a column of the input.
 *
 * @param column that has the truth
 * @param rows that have an answer and a truth
 * @param rowsWithoutTruth rows whose truth is null
 * @param rowsWithoutAnswer rows that have a truth, and an error or an answer that was cut short
 * @param rowsWithOtherTruth rows whose truth no answer can have
 * @param otherTruths the most frequent ones of these truths
 * @param accuracy fraction of right answers
 * @param accuracyOfMostCertainQuarter the same of the quarter of the rows with the highest
 *     confidence; null if rows have no confidence
 * @param labels with their precision and recall
 * @param matrixLabels of the confusion matrix
 * @param confusionMatrix rows by truth (first index) and answer (second index)
 * @param calibration by confidence, the lowest first; empty if rows have no confidence
 * @param expectedCalibrationError mean of the difference between confidence and accuracy over the
 *     bins, weighted by their rows; null if rows have no confidence
 */
@SuppressWarnings("ArrayRecordComponent") // a value that is only written
public record EvaluationFigures(
    String column,
    long rows,
    long rowsWithoutTruth,
    long rowsWithoutAnswer,
    long rowsWithOtherTruth,
    List<String> otherTruths,
    double accuracy,
    @Nullable Double accuracyOfMostCertainQuarter,
    List<LabelFigures> labels,
    List<String> matrixLabels,
    long[][] confusionMatrix,
    List<CalibrationBin> calibration,
    @Nullable Double expectedCalibrationError) {

  public EvaluationFigures {
    otherTruths = List.copyOf(otherTruths);
    labels = List.copyOf(labels);
    matrixLabels = List.copyOf(matrixLabels);
    calibration = List.copyOf(calibration);
  }

  /**
   * One label.
   *
   * @param rows whose truth it is
   * @param precision fraction of right answers among those with this label; 0 without any
   * @param recall fraction of right answers among the rows whose truth it is; 0 without any
   * @param f1 harmonic mean of both
   */
  public record LabelFigures(String label, long rows, double precision, double recall, double f1) {}

  /**
   * Rows whose confidence is in an interval.
   *
   * @param from lower bound of the confidence
   * @param to upper bound
   * @param meanConfidence of these rows; 0 without any
   * @param accuracy of these rows; 0 without any
   */
  public record CalibrationBin(
      double from, double to, long rows, double meanConfidence, double accuracy) {}
}
