package io.nightshift.job.report.evaluation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.job.report.EvaluationFigures;
import io.nightshift.job.report.EvaluationFigures.CalibrationBin;
import io.nightshift.job.report.EvaluationFigures.LabelFigures;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluationCountsTest {

  /** What {@code src/test/python/evaluation_goldens.py} wrote, with scikit-learn. */
  record Golden(
      int labels,
      List<Integer> truths,
      List<Integer> answers,
      List<Double> confidences,
      double accuracy,
      double accuracyOfMostCertainQuarter,
      List<Double> precision,
      List<Double> recall,
      List<Double> f1,
      List<Long> support,
      long[][] matrix,
      List<Long> rowsOfBins,
      List<Double> accuracyOfFilledBins,
      List<Double> confidenceOfFilledBins,
      double expectedCalibrationError) {}

  static List<Golden> goldens() throws IOException {
    try (InputStream file =
        requireNonNull(
            EvaluationCountsTest.class.getResourceAsStream("/evaluation/goldens.json"))) {
      return List.of(new ObjectMapper().readValue(file, Golden[].class));
    }
  }

  private static Labels numbered(int labels) {
    return new Labels(IntStream.range(0, labels).mapToObj(label -> "label " + label).toList());
  }

  /** Counts the rows in any order, in several parts that are added. */
  private static EvaluationFigures figures(Golden golden) {
    Random random = new Random();
    List<EvaluationCounts> parts = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      parts.add(new EvaluationCounts(numbered(golden.labels())));
    }
    List<Integer> rows =
        new ArrayList<>(IntStream.range(0, golden.truths().size()).boxed().toList());
    Collections.shuffle(rows, random);
    for (int row : rows) {
      parts
          .get(random.nextInt(parts.size()))
          .add(
              "label " + golden.truths().get(row),
              "label " + golden.answers().get(row),
              golden.confidences().get(row));
    }
    EvaluationCounts total = parts.remove(0);
    parts.forEach(total::add);
    return total.figures("truth");
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void agreesWithScikitLearn(Golden golden) {
    EvaluationFigures figures = figures(golden);
    assertThat(figures.rows()).isEqualTo(golden.truths().size());
    assertThat(figures.accuracy()).isCloseTo(golden.accuracy(), offset(1e-12));
    assertThat(figures.confusionMatrix()).isDeepEqualTo(golden.matrix());
    for (int label = 0; label < golden.labels(); label++) {
      LabelFigures of = figures.labels().get(label);
      assertThat(of.rows()).isEqualTo(golden.support().get(label));
      assertThat(of.precision()).isCloseTo(golden.precision().get(label), offset(1e-12));
      assertThat(of.recall()).isCloseTo(golden.recall().get(label), offset(1e-12));
      assertThat(of.f1()).isCloseTo(golden.f1().get(label), offset(1e-12));
    }
    assertThat(figures.calibration().stream().map(CalibrationBin::rows))
        .isEqualTo(golden.rowsOfBins());
    List<CalibrationBin> filled =
        figures.calibration().stream().filter(bin -> bin.rows() > 0).toList();
    for (int bin = 0; bin < filled.size(); bin++) {
      assertThat(filled.get(bin).accuracy())
          .isCloseTo(golden.accuracyOfFilledBins().get(bin), offset(1e-12));
      assertThat(filled.get(bin).meanConfidence())
          .isCloseTo(golden.confidenceOfFilledBins().get(bin), offset(1e-12));
    }
    assertThat(figures.expectedCalibrationError())
        .isCloseTo(golden.expectedCalibrationError(), offset(1e-12));
    // Confidences at the end of the quarter that are closer than 1/2048 of their doubt count in
    // part.
    assertThat(figures.accuracyOfMostCertainQuarter())
        .isCloseTo(golden.accuracyOfMostCertainQuarter(), within(0.015));
  }

  @Test
  void equalConfidencesCountInPart() {
    EvaluationCounts counts = new EvaluationCounts(numbered(2));
    for (int row = 0; row < 400; row++) {
      counts.add("label 0", row % 4 == 0 ? "label 0" : "label 1", 0.75);
    }
    assertThat(counts.figures("truth").accuracyOfMostCertainQuarter())
        .isCloseTo(0.25, offset(1e-12));
  }

  @Test
  void tellsProbabilitiesNearOneApart() {
    EvaluationCounts counts = new EvaluationCounts(numbered(2));
    for (int row = 0; row < 1000; row++) {
      boolean mostCertain = row % 4 == 0;
      counts.add("label 0", mostCertain ? "label 0" : "label 1", 1 - (mostCertain ? 1e-12 : 2e-12));
    }
    assertThat(counts.figures("truth").accuracyOfMostCertainQuarter()).isEqualTo(1);
  }

  @Test
  void rowsThatCannotBeComparedAreCountedApart() {
    EvaluationCounts counts = new EvaluationCounts(new Labels(List.of("1", "2", "true")));
    counts.add(1, "1", 0.9);
    counts.add(2.0, "2", 0.8);
    counts.add(true, "1", null);
    counts.add(null, "1", 0.9);
    counts.add("1", null, null);
    for (int row = 0; row < 3; row++) {
      counts.add("maybe", "1", 0.9);
    }
    counts.add("never", null, null);
    EvaluationFigures figures = counts.figures("truth");
    assertThat(figures.rows()).isEqualTo(3);
    assertThat(figures.accuracy()).isCloseTo(2.0 / 3, offset(1e-12));
    assertThat(figures.rowsWithoutTruth()).isEqualTo(1);
    assertThat(figures.rowsWithoutAnswer()).isEqualTo(1);
    assertThat(figures.rowsWithOtherTruth()).isEqualTo(4);
    assertThat(figures.otherTruths()).containsExactly("maybe", "never");
    assertThat(figures.calibration().stream().mapToLong(CalibrationBin::rows).sum()).isEqualTo(2);
  }

  @Test
  void withoutConfidencesThereIsNoCalibration() {
    EvaluationCounts counts = new EvaluationCounts(numbered(2));
    counts.add("label 0", "label 1", null);
    EvaluationFigures figures = counts.figures("truth");
    assertThat(figures.accuracy()).isZero();
    assertThat(figures.accuracyOfMostCertainQuarter()).isNull();
    assertThat(figures.expectedCalibrationError()).isNull();
    assertThat(figures.calibration()).isEmpty();
  }

  @Test
  void aMatrixOfManyLabelsHasTheMostFrequentOnes() {
    int labels = 100;
    EvaluationCounts counts = new EvaluationCounts(numbered(labels));
    for (int label = 0; label < labels; label++) {
      for (int row = 0; row <= label; row++) {
        counts.add("label " + label, "label " + (labels - 1), 0.5);
      }
    }
    EvaluationFigures figures = counts.figures("truth");
    int shown = EvaluationCounts.MATRIX_LABELS;
    assertThat(figures.labels()).hasSize(labels);
    assertThat(figures.matrixLabels()).hasSize(shown + 1).startsWith("label " + (labels - shown));
    assertThat(figures.confusionMatrix()).hasDimensions(shown + 1, shown + 1);
    assertThat(figures.confusionMatrix()[shown][shown - 1]).isEqualTo(60 * 61 / 2);
    assertThat(figures.confusionMatrix()[shown - 1][shown - 1]).isEqualTo(100);
  }
}
