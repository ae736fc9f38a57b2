package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KvCacheDemandTest {
  private static final int STEP = 16_384;

  @Test
  void isWhatAStepsPromptsAndRunningAnswersTake() {
    int outputTokens = 200;
    long shortPrompts = KvCacheDemand.tokens(30_000_000, 1_000_000, outputTokens, 500, STEP);
    long longPrompts = KvCacheDemand.tokens(8_000_000_000L, 1_000_000, outputTokens, 9000, STEP);

    assertThat(shortPrompts).isEqualTo(700 + STEP + 512 * 200);
    assertThat(longPrompts).isEqualTo(9200 + STEP + 512 * 200);
  }

  @Test
  void fewRowsWantNoMoreThanTheyHave() {
    assertThat(KvCacheDemand.tokens(900, 10, 20, 100, STEP)).isEqualTo(120 + 900 + 10 * 20);
    assertThat(KvCacheDemand.tokens(0, 0, 20, 0, STEP)).isEqualTo(20);
  }

  @Test
  void promptsWithoutAnswersWantAStep() {
    assertThat(KvCacheDemand.tokens(1_000_000, 1000, 0, 2000, STEP)).isEqualTo(2000 + STEP);
  }
}
