/**
 * Whole jobs on real clusters of processes: a JobManager and TaskManagers from the jars in {@code
 * target/lib}, submitted to as {@code flink run} does. Start at {@link
 * io.nightshift.job.cluster.FlinkProcessCluster}.
 */
@NullMarked
package io.nightshift.job.cluster;

import org.jspecify.annotations.NullMarked;
