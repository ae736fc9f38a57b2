package io.nightshift.operators.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.units.WorkUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlannedRangeTest {

  /** However many ranges there are, and whichever ends first. */
  @Test
  void whatPromptsShareDoesNotDependOnTheRanges() {
    Random random = new Random(7);
    int[][] prompts = new int[60][];
    Arrays.setAll(prompts, row -> random.ints(random.nextInt(4), 0, 2).toArray());
    Arrays.sort(prompts, Arrays::compare);
    PromptSharing whole = summary(prompts, prompts.length, random).sharing();
    assertThat(whole.duplicateRows()).isGreaterThan(20);
    assertThat(whole.duplicateTokens()).isLessThan(whole.sharedTokens());
    assertThat(summary(prompts, 7, random).longestPrompt()).isEqualTo(3);

    for (int rows : new int[] {1, 2, 7, 30, 59}) {
      assertThat(summary(prompts, rows, random).sharing())
          .as("ranges of %d", rows)
          .isEqualTo(whole);
    }
  }

  /** In the first range all prompts go on in the same way, in the second one in two ways. */
  @Test
  void aPrefixHasTheRowsOfAllRanges() {
    int[][] prompts = new int[30][];
    Arrays.setAll(
        prompts,
        row ->
            row < 12
                ? new int[] {4, 4, 4, 4, 1, 1, row}
                : new int[] {4, 4, 4, 4, row < 20 ? 2 : 3, row});
    assertThat(prefixes(prompts, 30))
        .containsExactly("4 4 4 4: 30", "4 4 4 4 1 1: 12", "4 4 4 4 3: 10", "4 4 4 4 2: 8");
    for (int rows : new int[] {12, 10, 15}) {
      assertThat(prefixes(prompts, rows)).as("ranges of %d", rows).isEqualTo(prefixes(prompts, 30));
    }
  }

  private static List<String> prefixes(int[][] prompts, int rows) {
    return summary(prompts, rows, new Random()).largestPrefixes().stream()
        .map(
            prefix ->
                Arrays.stream(prefix.tokens())
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(" "))
                    + ": "
                    + prefix.rows())
        .toList();
  }

  /** Of ranges of {@code rows} prompts, which are handed over in random order. */
  private static PlanSummary summary(int[][] prompts, int rows, Random random) {
    List<PlannedRange> ranges = new ArrayList<>();
    ranges.add(range(99, new int[0][]));
    for (int from = 0; from < prompts.length; from += rows) {
      int to = Math.min(prompts.length, from + rows);
      ranges.add(range(from, Arrays.copyOfRange(prompts, from, to)));
    }
    Collections.shuffle(ranges, random);
    return PlannedRange.summary(PlannedRange.inOrder(ranges));
  }

  private static PlannedRange range(int number, int[][] prompts) {
    LargestPrefixes largest = new LargestPrefixes();
    PrefixSurvey survey = new PrefixSurvey(largest);
    for (int[] prompt : prompts) {
      survey.add(prompt);
    }
    survey.finish();
    ArrayList<WorkUnit> units = new ArrayList<>();
    if (prompts.length > 0) {
      units.add(new WorkUnit("unit-" + (10_000 + number), prompts.length, 0, 0, 0, 0));
    }
    PlanSummary summary =
        new PlanSummary(
            new TreeMap<>(), new ArrayList<>(largest.toList()), survey.sharing(), survey.longest());
    return new PlannedRange(units, summary, survey.first(), survey.last());
  }
}
