package io.nightshift.operators.plan;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;

/**
 * A prefix that neighboring prompts of a plan share.
 *
 * @param tokens the prefix
 * @param rows prompts that begin with it, at least 2
 * @param savedTokens tokens that need not be computed because of it, besides those that a shorter
 *     shared prefix saves
 */
public record PlannedPrefix(int[] tokens, long rows, long savedTokens) implements Serializable {
  /** By descending savings. */
  static final Comparator<PlannedPrefix> BY_SAVING =
      Comparator.comparingLong(PlannedPrefix::savedTokens).reversed();

  /** The same prefix in two ranges of the plan. */
  PlannedPrefix plus(PlannedPrefix other) {
    return new PlannedPrefix(tokens, rows + other.rows, savedTokens + other.savedTokens);
  }

  /** Length of the longest prefix of this one that other prompts share, too. */
  int parentLength() {
    return (int) (tokens.length - savedTokens / (rows - 1));
  }

  /** Whether another prefix is the beginning of this one. */
  boolean beginsWith(PlannedPrefix other) {
    return tokens.length > other.tokens.length
        && Arrays.equals(tokens, 0, other.tokens.length, other.tokens, 0, other.tokens.length);
  }

  boolean sameTokens(PlannedPrefix other) {
    return Arrays.equals(tokens, other.tokens);
  }
}
