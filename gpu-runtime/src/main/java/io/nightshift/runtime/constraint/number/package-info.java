/** Sets of JSON numbers as automata over their texts. */
@NullMarked
package io.nightshift.runtime.constraint.number;

import org.jspecify.annotations.NullMarked;
