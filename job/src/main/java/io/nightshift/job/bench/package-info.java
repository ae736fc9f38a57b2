/**
 * What the command {@code bench} measures: the engine alone on a workload, on the CPU or on a GPU.
 * Start at {@link io.nightshift.job.bench.Benchmark}. Only the command line uses it.
 */
@NullMarked
package io.nightshift.job.bench;

import org.jspecify.annotations.NullMarked;
