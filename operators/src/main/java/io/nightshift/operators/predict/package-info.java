/**
 * Answers to the rows of a SQL query. Start at {@link
 * io.nightshift.operators.predict.LlmPredictFunction}, which Flink calls with each row of {@code
 * ML_PREDICT}.
 *
 * <p>All subtasks of a TaskManager that need the same engine share one ({@link
 * io.nightshift.operators.predict.SharedEngines}), so that its steps are full and its prefix cache
 * serves all of them.
 */
@NullMarked
package io.nightshift.operators.predict;

import org.jspecify.annotations.NullMarked;
