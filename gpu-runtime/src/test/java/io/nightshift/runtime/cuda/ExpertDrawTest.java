package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExpertDrawTest {

  @Test
  void expertsAreDrawnAsOftenAsTheirFrequenciesSay() {
    int[] offsets = ExpertDraw.offsets(new float[] {1, 0, 3, 4}, 1, 80_000);
    assertThat(offsets[0]).isZero();
    assertThat(offsets[1]).isCloseTo(10_000, within(500));
    assertThat(offsets[2]).isEqualTo(offsets[1]);
    assertThat(offsets[3] - offsets[2]).isCloseTo(30_000, within(500));
    assertThat(offsets[4]).isEqualTo(80_000);
  }

  @Test
  void aTokenPassesDifferentExperts() {
    assertThat(ExpertDraw.offsets(new float[] {1e9f, 1, 1, 0}, 3, 50))
        .containsExactly(0, 50, 100, 150, 150);
  }

  @Test
  void anExpertWithoutFrequencyIsDrawnIfTheOthersAreTooFew() {
    assertThat(ExpertDraw.offsets(new float[] {0, 5, 0}, 2, 7)).containsExactly(0, 7, 14, 14);
    assertThat(ExpertDraw.offsets(new float[3], 3, 7)).containsExactly(0, 7, 14, 21);
  }
}
