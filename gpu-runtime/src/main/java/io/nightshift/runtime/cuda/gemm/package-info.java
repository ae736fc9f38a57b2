/**
 * GEMMs through cuBLASLt, each shape with its fastest algorithm, as timed on the device. Start at
 * {@link io.nightshift.runtime.cuda.gemm.GemmLibrary}. Stands on {@code cuda.device}; used by the
 * rest of {@code cuda}.
 */
@NullMarked
package io.nightshift.runtime.cuda.gemm;

import org.jspecify.annotations.NullMarked;
