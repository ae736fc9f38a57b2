package io.nightshift.benchmarks.constraint;

import io.nightshift.benchmarks.constraint.CaseResult.Outcome;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.util.ListStatistics;

/** Counts results, and prints them. */
final class Report {
  private static final int MAX_REASONS = 20;
  private static final int MAX_EXAMPLE = 160;

  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
  private final Map<String, Reason> reasons = new HashMap<>();
  private final ListStatistics compileMillis = new ListStatistics();
  private String slowest = "";
  private int schemas;
  private int compiled;
  private int rejectedInstances;
  private int rejectingSchemas;
  private int acceptedInstances;
  private int acceptingSchemas;
  private int rightInstances;

  /** Why schemas were not compiled: how often, and the first example. */
  private record Reason(String example, int count) {}

  void add(CaseResult result) {
    schemas++;
    outcomes.merge(result.outcome(), 1, Integer::sum);
    double millis = result.compileNanos() / 1e6;
    if (schemas == 1 || millis > compileMillis.getMax()) {
      slowest = result.name();
    }
    compileMillis.addValue(millis);
    if (result.problem() != null) {
      String example = "%s in %s".formatted(result.problem(), result.name());
      reasons.merge(
          reason(result.problem()),
          new Reason(example, 1),
          (known, added) -> new Reason(known.example, known.count + 1));
    } else {
      compiled++;
    }
    rejectedInstances += result.rejected().size();
    rejectingSchemas += result.rejected().isEmpty() ? 0 : 1;
    acceptedInstances += result.accepted().size();
    acceptingSchemas += result.accepted().isEmpty() ? 0 : 1;
    rightInstances += result.right();
  }

  /** A message without its pointer, and without the names and numbers in it. */
  private static String reason(String problem) {
    return problem
        .replaceFirst("^#\\S*: ", "")
        .replaceAll("\"[^\"]*\"", "..")
        .replaceAll("\\S+[/.]\\S+", "..")
        .replaceAll("[0-9]+", "N");
  }

  void print(PrintStream out, String vocabulary, ListStatistics maskNanos) {
    line(out, "schemas", schemas, "");
    line(out, "compiled", compiled, "");
    line(out, "refused", count(Outcome.REFUSED), "");
    line(out, "crashed", count(Outcome.CRASHED), "");
    line(
        out,
        "without a fault",
        count(Outcome.RIGHT),
        String.format(Locale.ROOT, "%.2f%%", 100.0 * count(Outcome.RIGHT) / schemas));
    line(out, "valid instances rejected", rejectedInstances, of(rejectingSchemas));
    line(out, "invalid instances accepted", acceptedInstances, of(acceptingSchemas));
    line(out, "instances judged right", rightInstances, "");
    times(out, "compile and first mask, ms", compileMillis, 1, "max in " + slowest);
    times(out, "mask, us", maskNanos, 1e3, "vocabulary " + vocabulary);
    if (!reasons.isEmpty()) {
      out.println();
      out.println("not compiled, most frequent reasons with an example");
      reasons.values().stream()
          .sorted(Comparator.comparingInt(Reason::count).reversed())
          .limit(MAX_REASONS)
          .forEach(reason -> out.printf(Locale.ROOT, "%6d  %s%n", reason.count, shorten(reason)));
    }
  }

  private int count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }

  private static String of(int schemas) {
    return "of %s schemas".formatted(schemas);
  }

  private static String shorten(Reason reason) {
    String line = reason.example.replaceAll("\\s+", " ");
    return line.length() <= MAX_EXAMPLE ? line : line.substring(0, MAX_EXAMPLE) + "..";
  }

  private static void line(PrintStream out, String name, int count, String remark) {
    out.printf(Locale.ROOT, "%-28s %,9d  %s%n", name, count, remark);
  }

  private static void times(
      PrintStream out, String name, ListStatistics times, double unit, String remark) {
    out.printf(
        Locale.ROOT,
        "%-28s %,9d  p50 %.3f, mean %.3f, p99 %.3f, max %.3f; %s%n",
        name,
        times.getN(),
        times.getPercentile(50) / unit,
        times.getMean() / unit,
        times.getPercentile(99) / unit,
        times.getMax() / unit,
        remark);
  }
}
