package io.nightshift.job.report.comparison;

import io.nightshift.job.report.Comparison;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts rows that two outputs have, by their answers. */
final class ComparisonTally {
  private static final int EXAMPLES = 20;
  private static final int LABELS = 20;

  /** Choices are fewer; this bounds the memory for whatever a file may contain. */
  private static final int MAX_LABELS = 1_000;

  /** Fingerprints of the answers of a row. */
  private record Pair(long first, long second) {}

  private final boolean labelled;
  private final Map<Long, String> labels = new HashMap<>();
  private final Map<Pair, Long> pairs = new HashMap<>();
  private final TreeMap<RowKey, String> examples = new TreeMap<>();
  private long both;
  private long changed;

  /**
   * @param labelled whether answers are choices
   */
  ComparisonTally(boolean labelled) {
    this.labelled = labelled;
  }

  /** The answer that a fingerprint belongs to. */
  void label(long fingerprint, String answer) {
    if (labelled && labels.size() < MAX_LABELS) {
      labels.putIfAbsent(fingerprint, answer);
    }
  }

  /**
   * A row of both outputs.
   *
   * @param first fingerprint of the first one's answer
   * @param second that of the second one's
   */
  void add(RowKey row, long first, long second, String secondAnswer) {
    both++;
    if (labelled) {
      pairs.merge(new Pair(known(first), known(second)), 1L, Long::sum);
    }
    if (first != second) {
      changed++;
      example(row, secondAnswer);
    }
  }

  private long known(long fingerprint) {
    return labels.size() < MAX_LABELS || labels.containsKey(fingerprint) ? fingerprint : 0;
  }

  private void example(RowKey row, String secondAnswer) {
    if (examples.size() < EXAMPLES || row.compareTo(examples.lastKey()) < 0) {
      examples.put(row, secondAnswer);
      if (examples.size() > EXAMPLES) {
        examples.pollLastEntry();
      }
    }
  }

  void add(ComparisonTally other) {
    both += other.both;
    changed += other.changed;
    other.labels.forEach(this::label);
    other.pairs.forEach((pair, rows) -> pairs.merge(pair, rows, Long::sum));
    other.examples.forEach(this::example);
  }

  long both() {
    return both;
  }

  long changed() {
    return changed;
  }

  /** A few rows whose answers differ, with the second one's. */
  TreeMap<RowKey, String> examples() {
    return examples;
  }

  /** The most frequent answers, the most frequent first, and one for all others if there are. */
  List<String> shownLabels() {
    if (!labelled) {
      return List.of();
    }
    List<Long> frequent = frequent();
    List<String> shown = new ArrayList<>();
    frequent.stream().limit(LABELS).map(this::text).forEach(shown::add);
    if (frequent.size() > LABELS || frequent.contains(0L)) {
      shown.remove(Comparison.OTHER);
      shown.add(Comparison.OTHER);
    }
    return shown;
  }

  private String text(long fingerprint) {
    return labels.getOrDefault(fingerprint, Comparison.OTHER);
  }

  private List<Long> frequent() {
    Map<Long, Long> rows = new HashMap<>();
    pairs.forEach(
        (pair, count) -> {
          rows.merge(pair.first(), count, Long::sum);
          rows.merge(pair.second(), count, Long::sum);
        });
    return rows.entrySet().stream()
        .sorted(
            Map.Entry.<Long, Long>comparingByValue()
                .reversed()
                .thenComparing(entry -> text(entry.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Rows by the labels of their answers. */
  long[][] matrix(List<String> shown) {
    long[][] matrix = new long[shown.size()][shown.size()];
    pairs.forEach(
        (pair, rows) -> matrix[index(shown, pair.first())][index(shown, pair.second())] += rows);
    return matrix;
  }

  private int index(List<String> shown, long fingerprint) {
    int index = shown.indexOf(text(fingerprint));
    return index < 0 ? shown.size() - 1 : index;
  }
}
