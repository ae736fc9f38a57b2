/**
 * oneDNN as the CPU runner needs it: kernels of fixed shape over raw native memory, each run by one
 * thread. Start at {@link io.nightshift.runtime.cpu.onednn.KernelCache}.
 */
@NullMarked
package io.nightshift.runtime.cpu.onednn;

import org.jspecify.annotations.NullMarked;
