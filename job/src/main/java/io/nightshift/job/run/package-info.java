/**
 * The bookkeeping of runs: whose output a folder is, which rows have their answers, what has
 * changed since the last run, and the lease that makes an output one run's alone. It starts no
 * Flink job. Start at {@link io.nightshift.job.run.RunFolder}. Only the pipeline uses it; the
 * command line knows its exceptions.
 */
@NullMarked
package io.nightshift.job.run;

import org.jspecify.annotations.NullMarked;
