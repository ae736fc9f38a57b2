package io.nightshift.runtime.runner;

/**
 * Copies the keys and values of the first {@code tokens} slots of block {@code source} to block
 * {@code target}, in every layer of a group, before the step begins. A sequence that shares only
 * part of a block gets its own copy.
 *
 * @param group index of the group that both blocks belong to
 */
public record BlockCopy(int group, int source, int target, int tokens) {

  /** A copy in the first group. */
  public BlockCopy(int source, int target, int tokens) {
    this(0, source, target, tokens);
  }
}
