package io.nightshift.job.report.answers;

import io.nightshift.job.report.AnswerFigures.TokenBin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts answers by their number of tokens. */
final class LengthTally {
  private static final int BINS = 30;

  private final TreeMap<Integer, Long> rows = new TreeMap<>();

  void add(int tokens) {
    rows.merge(tokens, 1L, Long::sum);
  }

  void add(LengthTally other) {
    other.rows.forEach((tokens, count) -> rows.merge(tokens, count, Long::sum));
  }

  /** Bins of equal width, from the shortest answer to the longest. */
  List<TokenBin> bins() {
    if (rows.isEmpty()) {
      return List.of();
    }
    int first = rows.firstKey();
    int width = 1 + (rows.lastKey() - first) / BINS;
    List<TokenBin> bins = new ArrayList<>();
    for (int from = first; from <= rows.lastKey(); from += width) {
      Map<Integer, Long> inside = rows.subMap(from, from + width);
      bins.add(
          new TokenBin(
              from, from + width - 1L, inside.values().stream().mapToLong(Long::longValue).sum()));
    }
    return bins;
  }
}
