package io.nightshift.job.report.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.report.EvaluationFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTextTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 12, 13, 60})
  void saysOfHowManyLabelsThePageHasPrecisionAndRecall(int labels) {
    List<String> names =
        new ArrayList<>(IntStream.range(0, labels).mapToObj(label -> "label " + label).toList());
    names.set(0, "long\u001b[31m " + "x".repeat(300));
    EvaluationCounts counts = new EvaluationCounts(new Labels(names));
    names.forEach(label -> counts.add(label, names.get(0), 0.5));
    EvaluationFigures figures = counts.figures("truth");

    List<String> lines = EvaluationText.of(figures);
    assertThat(lines)
        .filteredOn(line -> line.contains(": precision "))
        .hasSize(Math.min(labels, 12))
        .first()
        .asString()
        .startsWith("long<U+001B>[31m xxx")
        .hasSizeLessThan(100);
    if (labels <= 12) {
      assertThat(lines).noneMatch(line -> line.contains("page"));
    } else {
      assertThat(lines)
          .filteredOn(line -> line.contains("page"))
          .singleElement()
          .asString()
          .startsWith(
              "precision and recall of %s are on"
                  .formatted(labels == 13 ? "1 more label" : "48 more labels"));
    }
    assertThat(String.join("", lines)).doesNotContain("\u001b");
  }
}
