package io.nightshift.job.report.evaluation;

import io.nightshift.job.report.EvaluationFigures;
import io.nightshift.job.report.EvaluationFigures.LabelFigures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts answers by their truth. Its memory depends on the labels, not on the number of rows. Not
 * thread-safe.
 */
public final class EvaluationCounts {
  /** Labels that a confusion matrix shows; the rest are one more. */
  static final int MATRIX_LABELS = 40;

  private static final String REST = "all others";
  private static final int OTHER_TRUTHS = 100;
  private static final int OTHER_TRUTHS_NAMED = 5;

  private final Labels labels;

  /** Rows by truth and answer: {@code truth * labels + answer}. */
  private final Map<Long, Long> cells = new HashMap<>();

  private final ConfidenceCounts confidences = new ConfidenceCounts();
  private final TreeMap<String, Long> otherTruths = new TreeMap<>();
  private long rowsWithOtherTruth;
  private long rowsWithoutTruth;
  private long rowsWithoutAnswer;

  public EvaluationCounts(Labels labels) {
    this.labels = labels;
  }

  /**
   * Counts a row.
   *
   * @param truth null if unknown
   * @param answer null if there is none
   * @param confidence probability of the answer; null if unknown
   */
  public void add(@Nullable Object truth, @Nullable Object answer, @Nullable Double confidence) {
    if (truth == null) {
      rowsWithoutTruth++;
      return;
    }
    Integer expected = labels.indexOf(truth);
    Integer given = answer == null ? null : labels.indexOf(answer);
    if (expected == null) {
      addOtherTruth(Labels.text(truth), 1);
    } else if (given == null) {
      rowsWithoutAnswer++;
    } else {
      cells.merge((long) expected * labels.count() + given, 1L, Long::sum);
      if (confidence != null) {
        confidences.add(confidence, expected.equals(given));
      }
    }
  }

  private void addOtherTruth(String text, long rows) {
    rowsWithOtherTruth += rows;
    nameOtherTruth(text, rows);
  }

  private void nameOtherTruth(String text, long rows) {
    if (otherTruths.containsKey(text) || otherTruths.size() < OTHER_TRUTHS) {
      otherTruths.merge(text, rows, Long::sum);
    }
  }

  /** Adds what was counted elsewhere, with the same labels. */
  public void add(EvaluationCounts other) {
    other.cells.forEach((cell, rows) -> cells.merge(cell, rows, Long::sum));
    confidences.add(other.confidences);
    other.otherTruths.forEach(this::nameOtherTruth);
    rowsWithOtherTruth += other.rowsWithOtherTruth;
    rowsWithoutTruth += other.rowsWithoutTruth;
    rowsWithoutAnswer += other.rowsWithoutAnswer;
  }

  /**
   * The figures.
   *
   * @param column that has the truth
   */
  public EvaluationFigures figures(String column) {
    long[] truths = new long[labels.count()];
    long[] answers = new long[labels.count()];
    long[] right = new long[labels.count()];
    long rows = 0;
    for (Map.Entry<Long, Long> cell : cells.entrySet()) {
      int truth = truth(cell.getKey());
      int answer = answer(cell.getKey());
      truths[truth] += cell.getValue();
      answers[answer] += cell.getValue();
      right[truth] += truth == answer ? cell.getValue() : 0;
      rows += cell.getValue();
    }
    List<Integer> shown = mostFrequent(truths, answers);
    boolean confident = confidences.rows() > 0;
    return new EvaluationFigures(
        column,
        rows,
        rowsWithoutTruth,
        rowsWithoutAnswer,
        rowsWithOtherTruth,
        mostFrequentOtherTruths(),
        fraction(IntStream.range(0, right.length).mapToLong(label -> right[label]).sum(), rows),
        confident ? confidences.accuracyOfMostCertainQuarter() : null,
        labelFigures(truths, answers, right),
        matrixLabels(shown),
        matrix(shown),
        confident ? confidences.bins() : List.of(),
        confident ? confidences.expectedCalibrationError() : null);
  }

  private int truth(long cell) {
    return (int) (cell / labels.count());
  }

  private int answer(long cell) {
    return (int) (cell % labels.count());
  }

  private List<LabelFigures> labelFigures(long[] truths, long[] answers, long[] right) {
    List<LabelFigures> figures = new ArrayList<>();
    for (int label = 0; label < labels.count(); label++) {
      figures.add(
          new LabelFigures(
              labels.texts().get(label),
              truths[label],
              fraction(right[label], answers[label]),
              fraction(right[label], truths[label]),
              fraction(2 * right[label], truths[label] + answers[label])));
    }
    return figures;
  }

  private static double fraction(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private List<String> mostFrequentOtherTruths() {
    return otherTruths.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(OTHER_TRUTHS_NAMED)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The labels of the confusion matrix, in their order. */
  private List<Integer> mostFrequent(long[] truths, long[] answers) {
    return IntStream.range(0, labels.count())
        .boxed()
        .sorted(Comparator.comparingLong(label -> -truths[label] - answers[label]))
        .limit(MATRIX_LABELS)
        .sorted()
        .toList();
  }

  private List<String> matrixLabels(List<Integer> shown) {
    List<String> names = new ArrayList<>();
    shown.forEach(label -> names.add(labels.texts().get(label)));
    if (shown.size() < labels.count()) {
      names.add(REST);
    }
    return names;
  }

  private long[][] matrix(List<Integer> shown) {
    int size = Math.min(shown.size() + 1, labels.count());
    int[] places = new int[labels.count()];
    Arrays.fill(places, size - 1);
    for (int place = 0; place < shown.size(); place++) {
      places[shown.get(place)] = place;
    }
    long[][] matrix = new long[size][size];
    cells.forEach((cell, rows) -> matrix[places[truth(cell)]][places[answer(cell)]] += rows);
    return matrix;
  }
}
