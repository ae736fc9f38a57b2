/**
 * Measurements of the engine and its parts; the peers' scripts are in {@code src/main/python}.
 * Start at {@link io.nightshift.benchmarks.CpuBench}.
 */
@NullMarked
package io.nightshift.benchmarks;

import org.jspecify.annotations.NullMarked;
