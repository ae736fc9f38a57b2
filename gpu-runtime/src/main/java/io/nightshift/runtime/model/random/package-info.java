/**
 * Models of known shapes with random weights, for benchmarks and tests. Start at {@link
 * io.nightshift.runtime.model.random.RandomModelFiles}. Any package above {@code model} may use it.
 */
@NullMarked
package io.nightshift.runtime.model.random;

import org.jspecify.annotations.NullMarked;
