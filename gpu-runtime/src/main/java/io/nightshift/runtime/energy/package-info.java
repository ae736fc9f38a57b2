/**
 * The energy that devices take while an engine works. Start at {@link
 * io.nightshift.runtime.energy.EnergyMeter}, which reads the counters of an engine; those of GPUs
 * are in {@code cuda.device}. Knows no engine; used by whatever runs one.
 */
@NullMarked
package io.nightshift.runtime.energy;

import org.jspecify.annotations.NullMarked;
