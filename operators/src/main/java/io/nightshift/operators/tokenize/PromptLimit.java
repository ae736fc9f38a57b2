package io.nightshift.operators.tokenize;

import java.io.Serializable;

/**
 * The maximum length of a prompt.
 *
 * @param tokens maximum number of tokens that leaves room for an answer
 * @param of what imposes the limit, for messages
 */
public record PromptLimit(int tokens, String of) implements Serializable {}
