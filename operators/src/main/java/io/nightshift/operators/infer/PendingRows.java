package io.nightshift.operators.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows that wait for an answer, by the request that brings it. In planned order, rows of the
 * same prompt come one after the other: where the prompt alone decides the answer, they share one
 * request, also those that come when it has been answered already.
 */
final class PendingRows {
  private final boolean shareAnswers;
  private final Map<Long, List<UnitRow>> rowsByRequest = new HashMap<>();
  private long nextRequest;
  private int rows;
  private long bytes;
  private int @Nullable [] lastPrompt;
  private @Nullable Answer lastAnswer;

  /**
   * @param shareAnswers whether rows of the same prompt get the same answer
   */
  PendingRows(boolean shareAnswers) {
    this.shareAnswers = shareAnswers;
  }

  /** Rows that wait. */
  int rows() {
    return rows;
  }

  /** Bytes of their kept columns. */
  long bytes() {
    return bytes;
  }

  /** Requests that they wait for. */
  int requests() {
    return rowsByRequest.size();
  }

  /** Does something with each row that waits. */
  void forEach(Consumer<UnitRow> action) {
    rowsByRequest.values().forEach(waiting -> waiting.forEach(action));
  }

  /**
   * Takes a row.
   *
   * @param submit is given the number of a new request, if the row needs one
   * @param answered is given the row and its answer, if it is known already
   */
  void add(UnitRow row, Consumer<Long> submit, BiConsumer<UnitRow, Answer> answered) {
    if (shareAnswers && Arrays.equals(lastPrompt, row.tokens())) {
      if (lastAnswer != null) {
        answered.accept(row, lastAnswer.forDuplicate());
      } else {
        Objects.requireNonNull(rowsByRequest.get(nextRequest - 1)).add(row);
        count(row, 1);
      }
      return;
    }
    lastPrompt = row.tokens();
    lastAnswer = null;
    long request = nextRequest++;
    rowsByRequest.put(request, new ArrayList<>(List.of(row)));
    count(row, 1);
    submit.accept(request);
  }

  /**
   * The rows that waited for a request, which wait no more.
   *
   * @param answer of the first of them
   */
  List<UnitRow> answered(long request, Answer answer) {
    List<UnitRow> answered = Objects.requireNonNull(rowsByRequest.remove(request));
    answered.forEach(row -> count(row, -1));
    if (request == nextRequest - 1) {
      lastAnswer = answer;
    }
    return answered;
  }

  private void count(UnitRow row, int sign) {
    rows += sign;
    bytes += (long) sign * row.columns().length;
  }
}
