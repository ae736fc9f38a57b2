package io.nightshift.runtime.runner;

/**
 * Copies the keys and values of the first {@code tokens} slots of block {@code source} to block
 * {@code target}, in every layer, before the step begins. A sequence that shares only part of a
 * block gets its own copy.
 */
public record BlockCopy(int source, int target, int tokens) {}
