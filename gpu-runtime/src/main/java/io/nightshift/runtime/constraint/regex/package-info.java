/**
 * Regular expressions as automata over code points. Start at {@link
 * io.nightshift.runtime.constraint.regex.RegularExpression}.
 */
@NullMarked
package io.nightshift.runtime.constraint.regex;

import org.jspecify.annotations.NullMarked;
