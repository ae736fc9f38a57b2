/**
 * What a run shows: a progress line while it runs, and a report at its end. Start at {@link
 * io.nightshift.job.progress.ProgressDisplay} and {@link io.nightshift.job.progress.RunReport}. It
 * knows no Flink job and no folder.
 */
@NullMarked
package io.nightshift.job.progress;

import org.jspecify.annotations.NullMarked;
