package io.nightshift.job.sql;

import io.nightshift.operators.predict.PredictLimits;
import java.time.Duration;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.MLPredictRuntimeConfigOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a query says about how its rows reach a model.
 *
 * @param call configuration in the call of {@code ML_PREDICT}, which comes first
 * @param session configuration of the session
 */
record QuerySettings(ReadableConfig call, ReadableConfig session) {
  private static final Logger LOG = LoggerFactory.getLogger(QuerySettings.class);

  /** Execution targets whose tasks run in the process that plans the query. */
  private static final Set<String> IN_THIS_PROCESS = Set.of("local", "minicluster");

  /** Rows that wait in a task for each that can run, so that steps stay full. */
  private static final int LOOK_AHEAD = 2;

  /** Whether the tasks will run in this process. */
  boolean embedded() {
    return session
        .getOptional(DeploymentOptions.TARGET)
        .map(IN_THIS_PROCESS::contains)
        .orElse(true);
  }

  /** What the query leaves to a row. */
  PredictLimits limits() {
    Duration timeout =
        setting(
            MLPredictRuntimeConfigOptions.ASYNC_TIMEOUT,
            ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_TIMEOUT);
    return new PredictLimits(timeout, !embedded());
  }

  /**
   * Warns if a task holds fewer rows than the engine answers at a time, so that its steps are not
   * full.
   *
   * @param place the model, for messages
   * @param runningSequences rows that the engine answers at a time
   */
  void warnOfStarvation(String place, int runningSequences) {
    int rows =
        setting(
            MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS,
            ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_MAX_CONCURRENT_OPERATIONS);
    if (rows < runningSequences) {
      LOG.warn(
          "{}: ML_PREDICT gives its engine {} rows at a time for each subtask, but it answers up to {}, and is slow with fewer: SET '{}' = '{}', or ML_PREDICT(..., MAP['{}', '{}'])",
          place,
          rows,
          runningSequences,
          ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_MAX_CONCURRENT_OPERATIONS.key(),
          LOOK_AHEAD * runningSequences,
          MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS.key(),
          LOOK_AHEAD * runningSequences);
    }
  }

  private <T> T setting(ConfigOption<T> ofCall, ConfigOption<T> ofSession) {
    return call.getOptional(ofCall).orElseGet(() -> session.get(ofSession));
  }
}
