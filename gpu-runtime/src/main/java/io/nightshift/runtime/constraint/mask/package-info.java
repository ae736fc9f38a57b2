/** Masks over a vocabulary: which tokens may come next. */
@NullMarked
package io.nightshift.runtime.constraint.mask;

import org.jspecify.annotations.NullMarked;
