/**
 * The CUDA driver for the rest of {@code cuda}: memory and typed views of it, streams, graphs, and
 * kernels compiled from source. Start at {@link io.nightshift.runtime.cuda.device.CudaDevice}.
 * Knows nothing of models; used by the other packages of {@code cuda}. What chooses devices sees
 * {@link io.nightshift.runtime.cuda.device.Gpu}.
 */
@NullMarked
package io.nightshift.runtime.cuda.device;

import org.jspecify.annotations.NullMarked;
