package io.nightshift.job.sql;

import io.nightshift.operators.predict.PredictLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.MLPredictRuntimeConfigOptions;

/**
 * What a query says about how its rows reach a model.
 *
 * @param call configuration in the call of {@code ML_PREDICT}, which comes first
 * @param session configuration of the session
 */
record QuerySettings(ReadableConfig call, ReadableConfig session) {
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
   * What to write if a task holds fewer rows than the engine answers at a time, so that its steps
   * are not full; empty if it holds enough. Flink's default is 10, whatever the model.
   *
   * @param runningSequences rows that the engine answers at a time
   */
  Optional<String> starvation(int runningSequences) {
    int rows =
        setting(
            MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS,
            ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_MAX_CONCURRENT_OPERATIONS);
    int enough = LOOK_AHEAD * runningSequences;
    return rows >= runningSequences
        ? Optional.empty()
        : Optional.of(
            "each subtask of ML_PREDICT gives the engine %s rows at a time, but it answers up to %s together and is slow with fewer: SET '%s' = '%s', or call ML_PREDICT(..., MAP['%s', '%s'])"
                .formatted(
                    rows,
                    runningSequences,
                    ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_MAX_CONCURRENT_OPERATIONS
                        .key(),
                    enough,
                    MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS.key(),
                    enough));
  }

  private <T> T setting(ConfigOption<T> ofCall, ConfigOption<T> ofSession) {
    return call.getOptional(ofCall).orElseGet(() -> session.get(ofSession));
  }
}
