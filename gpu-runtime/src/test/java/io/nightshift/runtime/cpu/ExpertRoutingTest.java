package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.ExpertsConfig;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpertRoutingTest {

  @Test
  void ofEqualScoresTheFirstExpertIsChosen() {
    ExpertRouting routing = routing(5, 3, true, 1);
    routing.choose(0, new float[] {1, 2, 2, 1, 1});
    assertThat(IntStream.range(0, 3).map(routing::expert)).containsExactly(1, 2, 0);
  }

  @Test
  void weightsAreTheSoftmaxOfTheChosenOrOfAllScores() {
    float[] scores = {0, 3, -1, 2};
    double chosen = Math.exp(3) + Math.exp(2);
    double all = chosen + 1 + Math.exp(-1);
    ExpertRouting normalized = routing(4, 2, true, 1);
    normalized.choose(0, scores);
    assertThat((double) normalized.weight(0)).isCloseTo(Math.exp(3) / chosen, within(1e-6));
    assertThat((double) normalized.weight(1)).isCloseTo(Math.exp(2) / chosen, within(1e-6));
    ExpertRouting whole = routing(4, 2, false, 1);
    whole.choose(0, scores);
    assertThat((double) whole.weight(0)).isCloseTo(Math.exp(3) / all, within(1e-6));
    assertThat((double) whole.weight(1)).isCloseTo(Math.exp(2) / all, within(1e-6));
  }

  @Test
  void scoresThatAreNoNumbersGiveDifferentExpertsAndNoWeights() {
    ExpertRouting routing = routing(4, 3, true, 1);
    routing.choose(0, new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN});
    assertThat(IntStream.range(0, 3).map(routing::expert)).containsExactly(0, 1, 2);
    assertThat(routing.weight(0)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 2, 4", "40, 8, 2, 2", "500, 128, 8, 2", "700, 3, 2, 16", "3, 64, 8, 1"})
  void tilesHaveEachChoiceOnceWithItsExpert(int rows, int experts, int perToken, int workers) {
    ExpertRouting routing = routing(experts, perToken, true, rows);
    Random random = new Random(rows);
    for (int row = 0; row < rows; row++) {
      float[] scores = new float[experts];
      for (int i = 0; i < experts; i++) {
        scores[i] = random.nextFloat();
      }
      routing.choose(row, scores);
    }
    routing.group(rows, workers);
    int[] seen = new int[rows * perToken];
    for (ExpertRouting.Tile tile : routing.tiles()) {
      assertThat(tile.count()).isBetween(1, TilePlan.MAX_ROWS);
      for (int i = tile.from(); i < tile.from() + tile.count(); i++) {
        int choice = routing.choice(i);
        assertThat(routing.expert(choice)).isEqualTo(tile.expert());
        assertThat(routing.row(choice)).isEqualTo(choice / perToken);
        seen[choice]++;
      }
    }
    assertThat(Arrays.stream(seen)).containsOnly(1);
  }

  private static ExpertRouting routing(int experts, int perToken, boolean normalized, int rows) {
    return new ExpertRouting(
        new ExpertsConfig(experts, perToken, 16, Activation.SILU, normalized, false), rows);
  }
}
