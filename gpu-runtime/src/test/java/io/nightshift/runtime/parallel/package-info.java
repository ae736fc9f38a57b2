/** Tests of groups of tensor-parallel ranks. */
@NullMarked
package io.nightshift.runtime.parallel;

import org.jspecify.annotations.NullMarked;
