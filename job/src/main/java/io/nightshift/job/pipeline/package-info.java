/**
 * The way of a row, from source to sink: the plan job, the infer job, and what lies between. Start
 * at {@link io.nightshift.job.pipeline.FlinkPipeline}.
 */
@NullMarked
package io.nightshift.job.pipeline;

import org.jspecify.annotations.NullMarked;
