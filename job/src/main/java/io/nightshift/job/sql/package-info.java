/**
 * Models of Flink SQL: {@code CREATE MODEL ... WITH ('provider' = 'nightshift', ...)}, with the
 * options of the job file. Start at {@link io.nightshift.job.sql.NightshiftModelProviderFactory},
 * which Flink finds through the service loader.
 *
 * <p>{@link io.nightshift.job.sql.ModelOutput} decides by the output columns what an answer is, and
 * {@link io.nightshift.job.sql.NightshiftModelProvider} inspects the model when a query is planned.
 */
@NullMarked
package io.nightshift.job.sql;

import org.jspecify.annotations.NullMarked;
