/**
 * The host's processors, as far as engines on GPUs are concerned: which ones are near to a GPU, and
 * threads that run on these only. Start at {@link io.nightshift.runtime.cuda.host.HostProcessors}.
 * Knows nothing of CUDA; used by {@code cuda} only.
 */
@NullMarked
package io.nightshift.runtime.cuda.host;

import org.jspecify.annotations.NullMarked;
