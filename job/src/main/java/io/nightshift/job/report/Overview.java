package io.nightshift.job.report;

import io.nightshift.runtime.engine.FinishReason;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run in a few figures. Rows, tokens and rates are the run's own; what earlier runs of the same
 * output answered is in {@code rowsBefore} alone.
 *
 * @param output folder of the answers
 * @param version of the program that ran
 * @param model as the job file names it; null if unknown
 * @param started when the run began
 * @param ended when it ended or failed
 * @param seconds from the beginning to the end
 * @param plannedRows all rows of the input
 * @param rowsInOutput rows that have an answer or an error code by now
 * @param rows that the run answered, those with errors included
 * @param rowsBefore rows that had their answers before the run
 * @param rowsByFinishReason rows that the run answered, by {@code finish_reason}
 * @param promptTokens of these rows
 * @param cachedTokens those of the prompt tokens that were found in the prefix cache
 * @param outputTokens generated
 * @param rowsPerSecond rate while rows were answered; 0 if none were
 * @param estimatedSeconds what the plan expected answering to take; null without an estimate
 * @param failure why the run failed; null if it did not
 * @param notice what a reader must know about the figures; null if they are those of a run that has
 *     ended
 * @param goingOn whether the run may not have ended
 */
public record Overview(
    String output,
    String version,
    @Nullable String model,
    Instant started,
    Instant ended,
    double seconds,
    long plannedRows,
    long rowsInOutput,
    long rows,
    long rowsBefore,
    Map<String, Long> rowsByFinishReason,
    long promptTokens,
    long cachedTokens,
    long outputTokens,
    double rowsPerSecond,
    @Nullable Double estimatedSeconds,
    @Nullable String failure,
    @Nullable String notice,
    boolean goingOn) {

  public Overview {
    rowsByFinishReason = Collections.unmodifiableMap(new TreeMap<>(rowsByFinishReason));
  }

  /** Whether every row of the input has an answer or an error code. */
  public boolean complete() {
    return rowsInOutput >= plannedRows;
  }

  /** Rows for which the run found an answer. */
  public long answeredRows() {
    return rows - rowsByFinishReason.getOrDefault(FinishReason.ERROR.columnValue(), 0L);
  }
}
