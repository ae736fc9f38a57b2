/**
 * oneDNN for the CPU runner: kernels of fixed shape over native memory, each run by one thread.
 * {@link io.nightshift.runtime.cpu.onednn.KernelCache} is the entry class. Only {@code
 * io.nightshift.runtime.cpu} uses this package.
 */
@NullMarked
package io.nightshift.runtime.cpu.onednn;

import org.jspecify.annotations.NullMarked;
