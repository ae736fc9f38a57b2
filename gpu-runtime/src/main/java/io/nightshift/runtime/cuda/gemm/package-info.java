/**
 * Matrix products through cuBLASLt, each shape with the algorithm that a timing has found fastest.
 * Start at {@link io.nightshift.runtime.cuda.gemm.GemmLibrary}.
 */
@NullMarked
package io.nightshift.runtime.cuda.gemm;

import org.jspecify.annotations.NullMarked;
