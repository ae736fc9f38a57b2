/**
 * The command line and what it drives. Start at {@link io.nightshift.job.Nightshift}.
 *
 * <p>A job is described in {@code options}, done by {@code pipeline}, and shown by {@code
 * progress}.
 */
@NullMarked
package io.nightshift.job;

import org.jspecify.annotations.NullMarked;
