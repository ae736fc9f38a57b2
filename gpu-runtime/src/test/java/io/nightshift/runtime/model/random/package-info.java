/** Tests of random models. */
@NullMarked
package io.nightshift.runtime.model.random;

import org.jspecify.annotations.NullMarked;
