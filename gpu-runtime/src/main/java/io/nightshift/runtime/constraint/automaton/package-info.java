/** Finite automata over code points and over bytes. Built on Lucene's automata. */
@NullMarked
package io.nightshift.runtime.constraint.automaton;

import org.jspecify.annotations.NullMarked;
