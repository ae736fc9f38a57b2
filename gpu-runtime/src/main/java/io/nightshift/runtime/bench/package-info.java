/**
 * The engine alone under standard workloads. Start at {@link
 * io.nightshift.runtime.bench.EngineBenchmark}.
 */
@NullMarked
package io.nightshift.runtime.bench;

import org.jspecify.annotations.NullMarked;
