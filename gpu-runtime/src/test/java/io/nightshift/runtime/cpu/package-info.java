/** Tests of the CPU runner. */
@NullMarked
package io.nightshift.runtime.cpu;

import org.jspecify.annotations.NullMarked;
