package io.nightshift.job.report.answers;

import io.nightshift.job.report.UncertainRow;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/** The rows with the lowest confidence. */
final class Uncertain {
  private static final int KEPT = 20;

  /**
   * @param order in which rows were read: of the same confidence, the first ones are kept
   */
  record Candidate(UncertainRow row, RowPosition position, long order) {}

  private static final Comparator<Candidate> LEAST_CERTAIN_LAST =
      Comparator.<Candidate>comparingDouble(candidate -> candidate.row().confidence())
          .thenComparingLong(Candidate::order)
          .reversed();

  private final PriorityQueue<Candidate> candidates = new PriorityQueue<>(LEAST_CERTAIN_LAST);
  private long order;

  void offer(double confidence, Supplier<UncertainRow> row, RowPosition position) {
    if (candidates.size() < KEPT || confidence < candidates.element().row().confidence()) {
      add(new Candidate(row.get(), position, order++));
    }
  }

  private void add(Candidate candidate) {
    candidates.add(candidate);
    if (candidates.size() > KEPT) {
      candidates.remove();
    }
  }

  /** Adds rows that were read later. */
  void add(Uncertain later) {
    for (Candidate candidate : later.leastCertainFirst()) {
      add(new Candidate(candidate.row(), candidate.position(), order++));
    }
  }

  List<Candidate> leastCertainFirst() {
    return candidates.stream().sorted(LEAST_CERTAIN_LAST.reversed()).toList();
  }
}
