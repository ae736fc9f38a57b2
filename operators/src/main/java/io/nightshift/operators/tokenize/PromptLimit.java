package io.nightshift.operators.tokenize;

import java.io.Serializable;

/**
 * How long a prompt may be.
 *
 * @param tokens most tokens that leave room for an answer
 * @param of what has no room for more, for a message
 */
public record PromptLimit(int tokens, String of) implements Serializable {}
