/** Tests of the CUDA kernels' host side, and the kernels' references. */
@NullMarked
package io.nightshift.runtime.cuda.kernels;

import org.jspecify.annotations.NullMarked;
