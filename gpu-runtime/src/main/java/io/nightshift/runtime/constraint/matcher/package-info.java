/**
 * A pushdown automaton over bytes, determinized while it is used: {@link
 * io.nightshift.runtime.constraint.matcher.ByteAutomaton}.
 *
 * <p>What a text so far allows is a set of threads, a {@link
 * io.nightshift.runtime.constraint.matcher.Configuration}. A thread is a stack of frames, one for
 * each value that is open. Frames and configurations are immutable and unique, so that a transition
 * is computed once and looked up afterwards, as in lazily built deterministic automata (Cox,
 * "Regular Expression Matching in the Wild", 2010).
 */
@NullMarked
package io.nightshift.runtime.constraint.matcher;

import org.jspecify.annotations.NullMarked;
