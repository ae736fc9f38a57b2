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
 * Rows that wait for an answer, by their request. In planned order, rows with the same prompt are
 * adjacent. If the answer depends on the prompt alone, they share one request, including rows that
 * arrive after it was answered.
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
   * @param shareAnswers whether rows with the same prompt share one answer
   */
  PendingRows(boolean shareAnswers) {
    this.shareAnswers = shareAnswers;
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
   * Removes and returns the rows of a request.
   *
   * @param answer answer to the first of them
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
