/** Tests of the engine benchmark. */
@NullMarked
package io.nightshift.runtime.bench;

import org.jspecify.annotations.NullMarked;
