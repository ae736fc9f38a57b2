package io.nightshift.operators.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixSurveyTest {

  @Test
  void findsTheNodesThatSaveMost() {
    List<String> found =
        survey(
            new int[] {1, 2, 3, 4, 5},
            new int[] {1, 2, 3, 4, 6},
            new int[] {1, 2, 3, 4, 6},
            new int[] {1, 2, 9},
            new int[] {7},
            new int[] {7});
    assertThat(found)
        .containsExactlyInAnyOrder(
            "[1, 2] 4 rows 6", "[1, 2, 3, 4] 3 rows 4", "[1, 2, 3, 4, 6] 2 rows 1", "[7] 2 rows 1");
  }

  @Test
  void whatAllNodesSaveIsWhatNeighborsShare() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      int[][] prompts = new int[2 + random.nextInt(6)][];
      for (int row = 0; row < prompts.length; row++) {
        prompts[row] = random.ints(random.nextInt(6), 0, 2).toArray();
      }
      Arrays.sort(prompts, Arrays::compare);
      long shared = 0;
      for (int row = 1; row < prompts.length; row++) {
        int mismatch = Arrays.mismatch(prompts[row - 1], prompts[row]);
        shared += mismatch < 0 ? prompts[row].length : mismatch;
      }
      long saved =
          survey(prompts).stream()
              .mapToLong(text -> Long.parseLong(text.substring(text.lastIndexOf(' ') + 1)))
              .sum();
      assertThat(saved).as(Arrays.deepToString(prompts)).isEqualTo(shared);
    }
  }

  private static List<String> survey(int[]... prompts) {
    LargestPrefixes largest = new LargestPrefixes();
    PrefixSurvey survey = new PrefixSurvey(largest);
    for (int[] prompt : prompts) {
      survey.add(prompt);
    }
    survey.finish();
    List<String> texts = new ArrayList<>();
    for (PlannedPrefix prefix : largest.toList()) {
      texts.add(
          "%s %s rows %s"
              .formatted(Arrays.toString(prefix.tokens()), prefix.rows(), prefix.savedTokens()));
    }
    return texts;
  }
}
