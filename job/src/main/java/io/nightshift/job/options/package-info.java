/**
 * The job file: its options, how it is read, and the checked specification that comes out. Start at
 * {@link io.nightshift.job.options.JobSpecification}. Everything above may use it; it knows no
 * Flink job and no output folder.
 */
@NullMarked
package io.nightshift.job.options;

import org.jspecify.annotations.NullMarked;
