package io.nightshift.runtime.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Divides rows among engines as a job does: in contiguous parts, so that rows that share a prefix
 * meet, each for the engine that has the least to do so far, and smaller towards the end, so that
 * all engines end together (guided self-scheduling, Polychronopoulos and Kuck, 1987).
 */
final class RowShares {
  private RowShares() {}

  /** The rows of each engine, in the order given. */
  static List<List<Workload.Row>> deal(List<Workload.Row> rows, int engines) {
    List<List<Workload.Row>> shares = new ArrayList<>();
    for (int engine = 0; engine < engines; engine++) {
      shares.add(new ArrayList<>());
    }
    long[] tokens = new long[engines];
    for (int first = 0; first < rows.size(); ) {
      int count = Math.max(1, (rows.size() - first) / (2 * engines));
      List<Workload.Row> part = rows.subList(first, first + count);
      int engine = least(tokens);
      shares.get(engine).addAll(part);
      tokens[engine] += TokenCounts.of(part).required();
      first += count;
    }
    return shares;
  }

  private static int least(long[] tokens) {
    long minimum = Arrays.stream(tokens).min().orElseThrow();
    int engine = 0;
    while (tokens[engine] > minimum) {
      engine++;
    }
    return engine;
  }
}
