/**
 * What a run shows while it goes on and when it is over. Start at {@link
 * io.nightshift.job.progress.ProgressDisplay} and {@link io.nightshift.job.progress.RunReport}.
 */
@NullMarked
package io.nightshift.job.progress;

import org.jspecify.annotations.NullMarked;
