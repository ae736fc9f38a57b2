/**
 * Chooses the tokens of each step. Start at {@link io.nightshift.runtime.scheduler.Scheduler}.
 *
 * <p>Uses the bookkeeping of the KV cache and the batch types of the runner, but never calls the
 * runner itself. Used by the engine only.
 */
@NullMarked
package io.nightshift.runtime.scheduler;

import org.jspecify.annotations.NullMarked;
