/**
 * OpenAI's batch files: checks them, has them answered by the pipeline, and writes the responses.
 * Start at {@link io.nightshift.job.batch.BatchRun}.
 */
@NullMarked
package io.nightshift.job.batch;

import org.jspecify.annotations.NullMarked;
