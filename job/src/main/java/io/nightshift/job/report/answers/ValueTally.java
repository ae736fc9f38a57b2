package io.nightshift.job.report.answers;

import io.nightshift.job.report.AnswerFigures.ValueCount;
import io.nightshift.job.report.AnswerFigures.ValueDistribution;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the values of a choice or an enumerated field, and how sure they are. */
final class ValueTally {
  private static final int SHOWN = 50;

  /** An enumeration has fewer values; this bounds the memory for whatever a file may contain. */
  private static final int MAX_VALUES = 10_000;

  private final Map<String, long[]> rows = new HashMap<>();
  private final long[] histogram = new long[ValueDistribution.CONFIDENCE_BINS];
  private long others;

  /**
   * @param confidence from 0 to 1
   */
  void add(String value, double confidence) {
    count(value, 1);
    int bin = (int) (confidence * histogram.length);
    histogram[Math.max(0, Math.min(histogram.length - 1, bin))]++;
  }

  private void count(String value, long more) {
    long[] known = rows.get(value);
    if (known == null && rows.size() >= MAX_VALUES) {
      others += more;
      return;
    }
    if (known == null) {
      known = new long[1];
      rows.put(value, known);
    }
    known[0] += more;
  }

  void add(ValueTally other) {
    other.rows.forEach((value, count) -> count(value, count[0]));
    others += other.others;
    for (int bin = 0; bin < histogram.length; bin++) {
      histogram[bin] += other.histogram[bin];
    }
  }

  ValueDistribution distribution(String name) {
    List<ValueCount> all =
        rows.entrySet().stream()
            .map(entry -> new ValueCount(entry.getKey(), entry.getValue()[0]))
            .sorted(
                Comparator.comparingLong(ValueCount::rows)
                    .reversed()
                    .thenComparing(ValueCount::value))
            .toList();
    long notShown = all.stream().skip(SHOWN).mapToLong(ValueCount::rows).sum();
    return new ValueDistribution(
        name,
        all.stream().limit(SHOWN).toList(),
        others + notShown,
        Arrays.stream(histogram).boxed().toList());
  }
}
