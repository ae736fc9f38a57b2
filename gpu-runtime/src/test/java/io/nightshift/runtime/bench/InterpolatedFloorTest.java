package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpolatedFloorTest {
  private final List<Integer> measured = new ArrayList<>();
  private final InterpolatedFloor floor =
      new InterpolatedFloor(
          tokens -> {
            measured.add(tokens);
            return (double) tokens * tokens;
          },
          500);

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 4",
    "3, 9",
    "5, 26",
    "7, 50",
    "384, 147456",
    "500, 250000",
    "442, 198728",
  })
  void isAStraightLineBetweenItsMeasurements(int tokens, double seconds) {
    assertThat(floor.seconds(tokens)).isCloseTo(seconds, within(1e-6));
  }

  @Test
  void measuresEachPlaceOnceAndNothingBeyondTheLargestStep() {
    for (int tokens = 1; tokens <= 500; tokens++) {
      floor.seconds(tokens);
    }

    assertThat(measured)
        .containsExactlyInAnyOrder(
            1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 500);
  }
}
