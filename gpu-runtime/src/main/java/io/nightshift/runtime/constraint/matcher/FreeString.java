package io.nightshift.runtime.constraint.matcher;

/**
 * A place in a JSON string, between two characters, from which all characters may follow.
 *
 * @param after what follows after the closing quotation mark
 * @param fewest minimum number of characters before that, possibly negative
 * @param most maximum number of characters before that; {@link Integer#MAX_VALUE} for no maximum
 */
public record FreeString(Configuration after, int fewest, int most) {}
