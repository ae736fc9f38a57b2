package io.nightshift.job.progress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a run over the same input would have to do.
 *
 * @param rows of the input
 * @param failures rows that cannot be asked, by error code, the most frequent first
 * @param promptTokens of all rows
 * @param sharedTokens those of them that a row has in common with the row before it in the plan's
 *     order, and that need no computing therefore
 * @param duplicateRows rows with the same prompt as another
 * @param prefixes the prefixes that save most, the best first
 * @param maxOutputTokens most tokens that the rows may generate in all; 0 where choices are scored
 *     from the prompt
 * @param answering time that the answers will take, expected at a measured rate; empty without one
 * @param workUnits that the rows were cut into
 * @param folder where the work units are
 * @param time that planning took
 */
public record PlanReport(
    long rows,
    List<FailedRows> failures,
    long promptTokens,
    long sharedTokens,
    long duplicateRows,
    List<Prefix> prefixes,
    long maxOutputTokens,
    Optional<Duration> answering,
    int workUnits,
    String folder,
    Duration time) {

  public PlanReport {
    failures = List.copyOf(failures);
    prefixes = List.copyOf(prefixes);
  }

  /**
   * What many prompts begin with.
   *
   * @param rows that begin with it
   * @param tokens that it has
   * @param text of its beginning and end
   */
  public record Prefix(long rows, int tokens, String text) {}

  /** Prompt tokens that have to be computed. */
  public long computedTokens() {
    return promptTokens - sharedTokens;
  }

  /** The report for people: some lines, each ended. */
  public String text() {
    return ReportText.of(this);
  }
}
