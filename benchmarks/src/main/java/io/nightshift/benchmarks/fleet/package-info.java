/**
 * A fleet of engines of different speeds, some of which are lost, in virtual time. Start at {@link
 * io.nightshift.benchmarks.fleet.FleetBench}.
 */
@NullMarked
package io.nightshift.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
