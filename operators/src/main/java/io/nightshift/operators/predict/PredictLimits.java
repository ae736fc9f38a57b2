package io.nightshift.operators.predict;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a query's options leave to a model.
 *
 * @param timeout after which Flink would fail the job for a row without an answer; zero for none
 * @param processMayEnd whether the process is a TaskManager's alone, so that Flink starts another
 *     one if it ends
 */
public record PredictLimits(Duration timeout, boolean processMayEnd) implements Serializable {

  /** Part of the timeout that is left to Flink for taking the row. */
  private static final int MARGIN = 10;

  /** Whether a row without an answer comes out with an error after {@link #patience}. */
  boolean hasTimeout() {
    return !timeout.isZero();
  }

  /** How long a row may wait for its answer, less than the timeout. */
  Duration patience() {
    return timeout.minus(timeout.dividedBy(MARGIN));
  }

  /** Why a row has no answer. */
  String timeoutMessage() {
    return "no answer after %s seconds; Flink would fail the job after %s: raise table.exec.async-ml-predict.timeout (or 'timeout' in ML_PREDICT's configuration), or set it to 0 s for no limit, or lower max-concurrent-operations"
        .formatted(patience().toSeconds(), timeout.toSeconds());
  }
}
