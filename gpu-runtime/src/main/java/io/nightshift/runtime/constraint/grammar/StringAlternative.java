package io.nightshift.runtime.constraint.grammar;

import org.apache.lucene.util.automaton.Automaton;

/**
 * A string.
 *
 * @param content the contents, without quotation marks and before escaping: minimal, deterministic,
 *     without dead states, over code points (surrogates excluded)
 * @param minLength minimum number of code points
 * @param maxLength maximum number of code points; {@link Integer#MAX_VALUE} for no maximum. Some
 *     content has a length in this range
 */
public record StringAlternative(Automaton content, int minLength, int maxLength)
    implements Alternative {}
