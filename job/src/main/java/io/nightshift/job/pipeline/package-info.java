/**
 * Does a whole job: looks at its input and model, then runs the Flink jobs of {@code topology} one
 * after the other, as far as the bookkeeping in {@code run} has something left for them. Start at
 * {@link io.nightshift.job.pipeline.FlinkPipeline}. Only the command line uses it.
 */
@NullMarked
package io.nightshift.job.pipeline;

import org.jspecify.annotations.NullMarked;
