/**
 * Job files that {@code nightshift init} writes from the columns of an input. Start at {@link
 * io.nightshift.job.draft.JobDraft}; {@link io.nightshift.job.draft.SampledInput} reads the columns
 * and a sample of their values.
 */
@NullMarked
package io.nightshift.job.draft;

import org.jspecify.annotations.NullMarked;
