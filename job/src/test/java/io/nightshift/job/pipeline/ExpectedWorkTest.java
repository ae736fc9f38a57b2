package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.operators.plan.PromptSharing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectedWorkTest {

  /** Of 1000 shared tokens, 300 are those of 20 duplicates. */
  @ParameterizedTest
  @CsvSource({
    "true,  true,  1000, 20",
    "true,  false, 980,  0", // each computes the last token of its prompt
    "false, true,  300,  20",
    "false, false, 0,    0"
  })
  void countsWhatTheRunShares(
      boolean prefixes, boolean answers, long sharedTokens, long sharedAnswers) {
    assertThat(ExpectedWork.of(new PromptSharing(1000, 20, 300), prefixes, answers))
        .isEqualTo(new ExpectedWork(sharedTokens, sharedAnswers));
  }
}
