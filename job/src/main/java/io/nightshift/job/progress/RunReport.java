package io.nightshift.job.progress;

import io.nightshift.runtime.engine.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a run did, at what rate, and what failed.
 *
 * @param outputPath folder of the answers
 * @param time of the whole run
 * @param rowCounts rows of the output
 * @param failures by error code, the most frequent first
 * @param stages in the order in which they ran; none if the answers were there already
 * @param tokens of all rows that the run answered
 * @param engines lines about the engines that answered them, if there are more than one or they
 *     have devices
 * @param sections what else there is to say
 */
public record RunReport(
    String outputPath,
    Duration time,
    RowCounts rowCounts,
    List<FailedRows> failures,
    List<StageReport> stages,
    TokenCounts tokens,
    List<String> engines,
    List<Section> sections) {

  public RunReport {
    failures = List.copyOf(failures);
    stages = List.copyOf(stages);
    engines = List.copyOf(engines);
    sections = List.copyOf(sections);
  }

  /**
   * Lines about one thing.
   *
   * @param name of the thing, of at most twelve letters
   */
  public record Section(String name, List<String> lines) {
    public Section {
      lines = List.copyOf(lines);
    }
  }

  /** The same report with another section. */
  public RunReport with(Section section) {
    return new RunReport(
        outputPath,
        time,
        rowCounts,
        failures,
        stages,
        tokens,
        engines,
        Stream.concat(sections.stream(), Stream.of(section)).toList());
  }

  /**
   * Rows of the output.
   *
   * @param before rows that had their answers before the run
   * @param byFinishReason every other row is in exactly one of them
   */
  public record RowCounts(long before, Map<FinishReason, Long> byFinishReason) {
    public RowCounts {
      byFinishReason = Map.copyOf(byFinishReason);
    }

    /** Rows that ended for a reason. */
    public long of(FinishReason reason) {
      return byFinishReason.getOrDefault(reason, 0L);
    }
  }

  /**
   * The report of a run that found its answers in place, written by an earlier run of the same job.
   */
  public static RunReport nothingToDo(String outputPath, Duration time) {
    return new RunReport(
        outputPath,
        time,
        new RowCounts(0, Map.of()),
        List.of(),
        List.of(),
        TokenCounts.NONE,
        List.of(),
        List.of());
  }

  /** Whether the answers were there already. */
  public boolean isNothingDone() {
    return stages.isEmpty() && rowCounts.byFinishReason().isEmpty();
  }

  /** Rows that the run answered, failed ones included. */
  public long rows() {
    return rowCounts.byFinishReason().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The report as text: several lines, each with a line end. */
  public String text() {
    return ReportText.of(this);
  }
}
