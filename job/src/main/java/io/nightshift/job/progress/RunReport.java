package io.nightshift.job.progress;

import io.nightshift.runtime.engine.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a run did, at what rate, and what failed.
 *
 * @param outputPath where the answers are
 * @param time of the whole run
 * @param rowsBefore rows that had their answers before the run
 * @param rowsByFinishReason every other row of the output is in exactly one of them
 * @param failures by error code, the most frequent first
 * @param stages in the order in which they ran; none if the answers were there already
 * @param promptTokens of all rows
 * @param cachedTokens those of them that were found in the prefix cache
 * @param outputTokens generated
 */
public record RunReport(
    String outputPath,
    Duration time,
    long rowsBefore,
    Map<FinishReason, Long> rowsByFinishReason,
    List<FailedRows> failures,
    List<StageReport> stages,
    long promptTokens,
    long cachedTokens,
    long outputTokens) {

  public RunReport {
    rowsByFinishReason = Map.copyOf(rowsByFinishReason);
    failures = List.copyOf(failures);
    stages = List.copyOf(stages);
  }

  /**
   * The report of a run that found its answers in place, written by an earlier run of the same job.
   */
  public static RunReport nothingToDo(String outputPath, Duration time) {
    return new RunReport(outputPath, time, 0, Map.of(), List.of(), List.of(), 0, 0, 0);
  }

  /** Whether the answers were there already. */
  public boolean isNothingDone() {
    return stages.isEmpty() && rowsByFinishReason.isEmpty();
  }

  /** Rows that the run answered, failed ones included. */
  public long rows() {
    return rowsByFinishReason.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Rows that came out with an error. */
  public long failedRows() {
    return rowsByFinishReason.getOrDefault(FinishReason.ERROR, 0L);
  }

  /** The report for people: some lines, each ended. */
  public String text() {
    return ReportText.of(this);
  }
}
