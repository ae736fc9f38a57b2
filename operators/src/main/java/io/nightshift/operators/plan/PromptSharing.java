package io.nightshift.operators.plan;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What prompts have in common with the ones before them in planned order.
 *
 * @param sharedTokens tokens of the prefixes that they share
 * @param duplicateRows rows whose prompt is that of the row before, and not empty
 * @param duplicateTokens tokens of these rows' prompts, which are among the shared ones
 */
public record PromptSharing(long sharedTokens, long duplicateRows, long duplicateTokens)
    implements Serializable {
  static final PromptSharing NONE = new PromptSharing(0, 0, 0);

  /** What a prompt has in common with the one before it. */
  static PromptSharing between(int[] previous, int[] tokens) {
    int mismatch = Arrays.mismatch(previous, tokens);
    return mismatch < 0 && tokens.length > 0
        ? new PromptSharing(tokens.length, 1, tokens.length)
        : new PromptSharing(Math.max(0, mismatch), 0, 0);
  }

  /** The sum of both. */
  PromptSharing plus(PromptSharing other) {
    return new PromptSharing(
        sharedTokens + other.sharedTokens,
        duplicateRows + other.duplicateRows,
        duplicateTokens + other.duplicateTokens);
  }
}
