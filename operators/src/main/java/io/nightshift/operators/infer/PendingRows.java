package io.nightshift.operators.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows that wait for an answer, by their request. In planned order, rows with the same prompt are
 * adjacent. If the answer depends on the prompt alone, they share one request, including rows that
 * arrive after it was answered.
 */
final class PendingRows {
  private final BiPredicate<UnitRow, UnitRow> sharesAnswer;
  private final Map<Long, List<UnitRow>> rowsByRequest = new HashMap<>();
  private long nextRequest;
  private int rows;
  private long bytes;
  private @Nullable UnitRow lastRow;
  private @Nullable Answer lastAnswer;

  /**
   * @param sharesAnswer whether two rows with the same prompt share one answer
   */
  PendingRows(BiPredicate<UnitRow, UnitRow> sharesAnswer) {
    this.sharesAnswer = sharesAnswer;
  }

  /** Number of rows. */
  int rows() {
    return rows;
  }

  /** Size of their kept columns in bytes. */
  long bytes() {
    return bytes;
  }

  /** Number of requests. */
  int requests() {
    return rowsByRequest.size();
  }

  /** Calls {@code action} for each row. */
  void forEach(Consumer<UnitRow> action) {
    rowsByRequest.values().forEach(waiting -> waiting.forEach(action));
  }

  /**
   * Adds a row.
   *
   * @param submit called with the number of a new request if the row needs one
   * @param answered called with the row and its answer if the answer is already known
   */
  void add(UnitRow row, Consumer<Long> submit, BiConsumer<UnitRow, Answer> answered) {
    if (lastRow != null
        && Arrays.equals(lastRow.tokens(), row.tokens())
        && sharesAnswer.test(row, lastRow)) {
      if (lastAnswer != null) {
        answered.accept(row, lastAnswer.forDuplicate());
      } else {
        Objects.requireNonNull(rowsByRequest.get(nextRequest - 1)).add(row);
        count(row, 1);
      }
      return;
    }
    lastRow = row;
    lastAnswer = null;
    long request = nextRequest++;
    rowsByRequest.put(request, new ArrayList<>(List.of(row)));
    count(row, 1);
    submit.accept(request);
  }

  /**
   * Removes the rows of a request.
   *
   * @param answerOf gives the answer to the first of them
   * @param answered called with each row and its answer
   */
  void answered(
      long request, Function<UnitRow, Answer> answerOf, BiConsumer<UnitRow, Answer> answered) {
    List<UnitRow> waiting = Objects.requireNonNull(rowsByRequest.remove(request));
    waiting.forEach(row -> count(row, -1));
    Answer answer = answerOf.apply(waiting.get(0));
    if (request == nextRequest - 1) {
      lastAnswer = answer;
    }
    answered.accept(waiting.get(0), answer);
    Answer shared = answer.forDuplicate();
    waiting.subList(1, waiting.size()).forEach(row -> answered.accept(row, shared));
  }

  /** Removes all rows. */
  void clear() {
    rowsByRequest.clear();
    lastRow = null;
    lastAnswer = null;
    rows = 0;
    bytes = 0;
  }

  private void count(UnitRow row, int sign) {
    rows += sign;
    bytes += (long) sign * row.columns().length;
  }
}
