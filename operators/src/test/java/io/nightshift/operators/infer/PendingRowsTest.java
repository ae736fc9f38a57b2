package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.engine.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PendingRowsTest {
  private static final Answer ANSWER =
      new Answer("yes", FinishReason.STOP, null, null, null, Map.of(), null, 3, 1, 2, null, null);

  private final List<Long> submitted = new ArrayList<>();
  private final List<String> known = new ArrayList<>();

  @Test
  void rowsOfTheSamePromptShareOneRequest() {
    PendingRows pending = new PendingRows((row, other) -> true);
    add(pending, 0, 1, 2, 3);
    add(pending, 1, 1, 2, 3);
    add(pending, 2, 1, 2, 4);
    assertThat(submitted).containsExactly(0L, 1L);
    assertThat(pending.rows()).isEqualTo(3);
    assertThat(pending.requests()).isEqualTo(2);

    assertThat(pending.answered(0, ANSWER)).extracting(UnitRow::unitRow).containsExactly(0L, 1L);
    assertThat(pending.answered(1, ANSWER)).extracting(UnitRow::unitRow).containsExactly(2L);
    assertThat(pending.rows()).isZero();
  }

  @Test
  void aRowThatComesAfterTheAnswerGetsItAtOnceWithItsWholePromptCached() {
    PendingRows pending = new PendingRows((row, other) -> true);
    add(pending, 0, 1, 2, 3);
    pending.answered(0, ANSWER);
    add(pending, 1, 1, 2, 3);
    assertThat(submitted).containsExactly(0L);
    assertThat(known).containsExactly("1 yes 3");
    assertThat(pending.rows()).isZero();
  }

  @Test
  void rowsDoNotShareWhereTheirAnswersDiffer() {
    PendingRows pending = new PendingRows((row, other) -> false);
    add(pending, 0, 1, 2, 3);
    add(pending, 1, 1, 2, 3);
    assertThat(submitted).containsExactly(0L, 1L);
  }

  private void add(PendingRows pending, long unitRow, int... tokens) {
    pending.add(
        new UnitRow("unit", unitRow, "file", unitRow, tokens, new byte[0], null, null),
        submitted::add,
        (row, answer) ->
            known.add(row.unitRow() + " " + answer.completion() + " " + answer.cachedTokens()));
  }
}
