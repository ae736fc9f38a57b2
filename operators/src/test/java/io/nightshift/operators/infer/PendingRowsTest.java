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

    answer(pending, 0);
    assertThat(known).containsExactly("0 yes 1", "1 yes 3");
    answer(pending, 1);
    assertThat(known).last().isEqualTo("2 yes 1");
    assertThat(pending.rows()).isZero();
  }

  @Test
  void aRowThatComesAfterTheAnswerGetsItAtOnceWithItsWholePromptCached() {
    PendingRows pending = new PendingRows((row, other) -> true);
    add(pending, 0, 1, 2, 3);
    answer(pending, 0);
    add(pending, 1, 1, 2, 3);
    assertThat(submitted).containsExactly(0L);
    assertThat(known).containsExactly("0 yes 1", "1 yes 3");
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
        this::note);
  }

  private void answer(PendingRows pending, long request) {
    pending.answered(request, row -> ANSWER, this::note);
  }

  private void note(UnitRow row, Answer answer) {
    known.add(row.unitRow() + " " + answer.completion() + " " + answer.cachedTokens());
  }
}
