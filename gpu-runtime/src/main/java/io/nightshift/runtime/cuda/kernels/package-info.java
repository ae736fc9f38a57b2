/**
 * The host side of the CUDA kernels: a wrapper for each source, named alike ({@link
 * io.nightshift.runtime.cuda.kernels.NormKernels} for {@code norm.cu}), and the planning of
 * attention ({@link io.nightshift.runtime.cuda.kernels.AttentionPlanner}). The sources are
 * resources of this package. Each documents its kernels at its head; {@code common.cuh} has what
 * they share. Stands on {@code cuda.device}; used by {@code cuda.weights} and {@code cuda}.
 */
@NullMarked
package io.nightshift.runtime.cuda.kernels;

import org.jspecify.annotations.NullMarked;
