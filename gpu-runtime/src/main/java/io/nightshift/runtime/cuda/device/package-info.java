/**
 * A CUDA device as the model runner needs it: memory, streams, kernels compiled from source,
 * graphs. Start at {@link io.nightshift.runtime.cuda.device.CudaDevice}.
 */
@NullMarked
package io.nightshift.runtime.cuda.device;

import org.jspecify.annotations.NullMarked;
