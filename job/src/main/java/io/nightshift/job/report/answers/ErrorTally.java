package io.nightshift.job.report.answers;

import io.nightshift.job.report.ErrorFigures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts rows with errors by code. */
final class ErrorTally {
  private static final int EXAMPLES = 3;

  private final Map<String, List<String>> examples = new TreeMap<>();
  private final Map<String, Long> rows = new TreeMap<>();

  void add(String code, AnswerRow row) {
    count(code, 1);
    List<String> some = examplesOf(code);
    if (some.size() < EXAMPLES) {
      @Nullable String file = row.sourceFile();
      some.add((file == null ? "" : file + " row " + row.sourceRow() + ": ") + row.errorMessage());
    }
  }

  private void count(String code, long more) {
    rows.merge(code, more, Long::sum);
  }

  private List<String> examplesOf(String code) {
    return examples.computeIfAbsent(code, key -> new ArrayList<>());
  }

  void add(ErrorTally other) {
    other.rows.forEach(this::count);
    other.examples.forEach(
        (code, more) -> {
          List<String> some = examplesOf(code);
          more.stream().limit(Math.max(0, EXAMPLES - some.size())).forEach(some::add);
        });
  }

  /**
   * The errors, the most frequent first.
   *
   * @param named examples that name their rows, by code, which are better than those of rows
   *     without source columns
   */
  List<ErrorFigures> figures(Map<String, List<String>> named) {
    return rows.entrySet().stream()
        .map(
            code ->
                new ErrorFigures(
                    code.getKey(),
                    code.getValue(),
                    named.getOrDefault(code.getKey(), examplesOf(code.getKey()))))
        .sorted(Comparator.comparingLong(ErrorFigures::rows).reversed())
        .toList();
  }
}
