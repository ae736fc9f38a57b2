/**
 * Which tokens the next step computes. Never touches the device. Start at {@link
 * io.nightshift.runtime.scheduler.Scheduler}.
 */
@NullMarked
package io.nightshift.runtime.scheduler;

import org.jspecify.annotations.NullMarked;
