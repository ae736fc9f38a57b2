/**
 * The model runner on NVIDIA GPUs: matrix products by cuBLASLt, the rest in CUDA kernels that are
 * compiled when first used. On Hopper, one of them does the products of the gated linear unit too
 * ({@link io.nightshift.runtime.cuda.GatedMlp}). Start at {@link
 * io.nightshift.runtime.cuda.CudaModelRunner}.
 */
@NullMarked
package io.nightshift.runtime.cuda;

import org.jspecify.annotations.NullMarked;
