/**
 * The model runner on NVIDIA GPUs: GEMMs by cuBLASLt, and everything else in CUDA kernels that are
 * compiled on first use. Start at {@link io.nightshift.runtime.cuda.CudaModelRunner}; {@link
 * io.nightshift.runtime.cuda.CudaTransformer} is the model, and {@link
 * io.nightshift.runtime.cuda.CudaTransformerLayer} a layer of it. Stands on the packages below it;
 * used by those that choose a device.
 */
@NullMarked
package io.nightshift.runtime.cuda;

import org.jspecify.annotations.NullMarked;
