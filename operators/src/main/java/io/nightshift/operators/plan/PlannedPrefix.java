package io.nightshift.operators.plan;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Tokens that neighbouring prompts of a plan begin with.
 *
 * @param tokens the prefix
 * @param rows prompts that begin with it
 * @param savedTokens tokens that need no computing because of it, beyond those that a shorter
 *     shared prefix saves
 */
public record PlannedPrefix(int[] tokens, long rows, long savedTokens) implements Serializable {
  /** The one that saves most comes first. */
  static final Comparator<PlannedPrefix> BY_SAVING =
      Comparator.comparingLong(PlannedPrefix::savedTokens).reversed();

  /** The same prefix in two ranges of the plan. */
  PlannedPrefix plus(PlannedPrefix other) {
    return new PlannedPrefix(tokens, rows + other.rows, savedTokens + other.savedTokens);
  }

  boolean sameTokens(PlannedPrefix other) {
    return Arrays.equals(tokens, other.tokens);
  }
}
