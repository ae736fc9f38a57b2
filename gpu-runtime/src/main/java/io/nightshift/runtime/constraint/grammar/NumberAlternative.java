package io.nightshift.runtime.constraint.grammar;

import org.apache.lucene.util.automaton.Automaton;

/**
 * A number, in decimal notation without exponent.
 *
 * @param text the texts: minimal, deterministic, without dead states, over ASCII characters; not
 *     empty
 * @param integer whether all of them are integers, written without a fraction
 */
public record NumberAlternative(Automaton text, boolean integer) implements Alternative {}
