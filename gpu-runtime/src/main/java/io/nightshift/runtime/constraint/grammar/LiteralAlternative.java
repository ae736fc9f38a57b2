package io.nightshift.runtime.constraint.grammar;

/**
 * A fixed text: {@code true}, {@code false} or {@code null}.
 *
 * @param text ASCII
 */
public record LiteralAlternative(String text) implements Alternative {}
