package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.runner.GemmFloor;
import org.junit.jupiter.api.Test;

class StepSizesTest {
  /** One second for each step, and a hundredth for each token. */
  private static final GemmFloor FLOOR = tokens -> 1 + tokens / 100.0;

  private final StepSizes sizes = new StepSizes();

  @Test
  void aRunThatComputedOnlyWhatItHadToHasTheFloorOfItsSteps() {
    sizes.add(100);
    sizes.add(100);
    sizes.add(50);

    assertThat(sizes.tokens()).isEqualTo(250);
    assertThat(sizes.floorSeconds(FLOOR, 250)).isEqualTo(2 + 2 + 1.5);
  }

  @Test
  void tokensThatNeedNotHaveBeenComputedAreNoPartOfTheFloor() {
    for (int step = 0; step < 10; step++) {
      sizes.add(100);
    }

    assertThat(sizes.floorSeconds(FLOOR, 250)).isCloseTo(20 * 0.25, within(1e-12));
  }
}
