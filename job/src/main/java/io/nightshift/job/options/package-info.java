/**
 * The job file: its options, how it is read, and the checked specification that comes out. Start at
 * {@link io.nightshift.job.options.JobSpecification}.
 */
@NullMarked
package io.nightshift.job.options;

import org.jspecify.annotations.NullMarked;
