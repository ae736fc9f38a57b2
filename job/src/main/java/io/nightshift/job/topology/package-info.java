/**
 * The Flink jobs of a run, from source to sink: plan, infer, order, compact; their configuration,
 * and how one is followed until its end. Each job is given what it needs and knows no job file.
 * Start at {@link io.nightshift.job.topology.PlanJob} and {@link
 * io.nightshift.job.topology.InferJob}. Only the pipeline uses it.
 */
@NullMarked
package io.nightshift.job.topology;

import org.jspecify.annotations.NullMarked;
