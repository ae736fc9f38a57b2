/**
 * What a run took: energy, time of GPUs, and money. Start at {@link
 * io.nightshift.job.report.energy.EnergyReport}.
 */
@NullMarked
package io.nightshift.job.report.energy;

import org.jspecify.annotations.NullMarked;
