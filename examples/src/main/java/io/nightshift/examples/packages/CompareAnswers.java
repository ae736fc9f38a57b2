package io.nightshift.examples.packages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;

/**
 * Compares two output folders of the same job, one of them of another device or precision. Labels
 * must be equal but for near-ties: where the first folder's probabilities of the two labels are
 * close.
 */
public final class CompareAnswers {
  /**
   * Two probabilities that rounding to bf16 may swap: logits of this model are off by up to 0.2
   * then, which moves a probability of one half by 0.05.
   */
  private static final double NEAR_TIE = 0.1;

  private CompareAnswers() {}

  /**
   * Ends with status 1 if the folders do not agree.
   *
   * @param arguments the folder of what is expected, the folder of what was computed
   */
  public static void main(String[] arguments) throws IOException {
    List<Group> expected = Answers.read(Path.of(arguments[0]));
    List<Group> computed = Answers.read(Path.of(arguments[1]));
    if (expected.isEmpty() || expected.size() != computed.size()) {
      System.out.printf("%d rows expected, %d computed%n", expected.size(), computed.size());
      System.exit(1);
    }
    int others = 0;
    int wrong = 0;
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      Group row = expected.get(i);
      String wanted = Answers.answer(row);
      String answer = Answers.answer(computed.get(i));
      Map<String, Double> probabilities = Answers.probabilities(row);
      largest = Math.max(largest, largestDifference(probabilities, computed.get(i)));
      if (row.getLong("id", 0) != computed.get(i).getLong("id", 0)) {
        System.out.printf("row %d has another id%n", i);
        wrong++;
      } else if (!wanted.equals(answer)) {
        double gap =
            probabilities.getOrDefault(wanted, 1.0) - probabilities.getOrDefault(answer, 0.0);
        System.out.printf(
            "%-22s %s, expected %s: probabilities %.4f apart%n",
            row.getString("package", 0), answer, wanted, gap);
        others++;
        wrong += gap < NEAR_TIE ? 0 : 1;
      }
    }
    System.out.printf(
        "%d rows: %d labels differ, %d of them not near-ties (%.2f); probabilities differ by up to %.4f%n",
        expected.size(), others, wrong, NEAR_TIE, largest);
    if (wrong > 0) {
      System.exit(1);
    }
  }

  private static double largestDifference(Map<String, Double> expected, Group row) {
    Map<String, Double> computed = Answers.probabilities(row);
    return expected.entrySet().stream()
        .mapToDouble(each -> Math.abs(each.getValue() - computed.getOrDefault(each.getKey(), 0.0)))
        .max()
        .orElse(0);
  }
}
