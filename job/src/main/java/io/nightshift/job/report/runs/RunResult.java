package io.nightshift.job.report.runs;

import io.nightshift.job.report.EnergyFigures;
import io.nightshift.job.report.ErrorFigures;
import io.nightshift.job.report.EvaluationFigures;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run has done until some instant.
 *
 * @param state of the run at that instant
 * @param failure why it failed; null if it has not
 * @param updated the instant
 * @param rowsByFinishReason rows that the run answered
 * @param promptTokens of these rows
 * @param cachedTokens those of them from the prefix cache
 * @param outputTokens generated
 * @param answeringSeconds time since the run began to answer, or that it took
 * @param errors that engines found, by code, with examples that name their rows
 * @param energy null if not measured
 * @param joulesByTask joules of the devices of each task's engines, as far as they were measured
 * @param evaluation null if the job compares answers with no column, or is not done
 */
public record RunResult(
    State state,
    @Nullable String failure,
    Instant updated,
    Map<String, Long> rowsByFinishReason,
    long promptTokens,
    long cachedTokens,
    long outputTokens,
    double answeringSeconds,
    List<ErrorFigures> errors,
    @Nullable EnergyFigures energy,
    Map<Integer, Double> joulesByTask,
    @Nullable EvaluationFigures evaluation) {

  /** How far a run is. */
  public enum State {
    /** It is going on, or was killed. */
    RUNNING,
    /** It has ended well. */
    DONE,
    /** It has ended with a failure. */
    FAILED
  }

  public RunResult {
    rowsByFinishReason = Collections.unmodifiableMap(new TreeMap<>(rowsByFinishReason));
    errors = List.copyOf(errors);
    joulesByTask = Collections.unmodifiableMap(new TreeMap<>(joulesByTask));
  }

  /**
   * The same after another run, which found all rows answered. What had failed has been done now,
   * unless the run was cut off.
   *
   * @param later comparison with the truth; null if there is none
   */
  public RunResult completed(@Nullable EvaluationFigures later) {
    return new RunResult(
        state == State.FAILED ? State.DONE : state,
        null,
        updated,
        rowsByFinishReason,
        promptTokens,
        cachedTokens,
        outputTokens,
        answeringSeconds,
        errors,
        energy,
        joulesByTask,
        later == null ? evaluation : later);
  }

  /** Rows that the run answered, those with errors included. */
  public long rows() {
    return rowsByFinishReason.values().stream().mapToLong(Long::longValue).sum();
  }
}
