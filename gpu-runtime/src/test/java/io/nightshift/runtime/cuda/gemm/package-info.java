@NullMarked
package io.nightshift.runtime.cuda.gemm;

import org.jspecify.annotations.NullMarked;
