package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.mask.TokenMask;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer stands in its constraint, and what may come next. Tokens that must come next
 * whatever the model says are forced: they are appended without sampling, as a chunk of prefill.
 */
final class ConstrainedAnswer {
  private static final int[] NONE = {};

  private final TokenMatcher matcher;
  private final boolean forcesTokens;
  private int[] forced = NONE;
  private @Nullable TokenMask mask;

  /**
   * @param forcesTokens whether tokens are forced; otherwise they are sampled like others, from
   *     masks
   */
  ConstrainedAnswer(TokenMatcher matcher, boolean forcesTokens) {
    this.matcher = matcher;
    this.forcesTokens = forcesTokens;
  }

  /**
   * Advances by a sampled token that is not an end-of-sequence token.
   *
   * @param remaining maximum number of tokens after it
   */
  void accept(int token, int remaining) {
    matcher.accept(token);
    findNext(remaining);
  }

  /**
   * Finds the tokens that may come next.
   *
   * @param remaining maximum number of tokens from here
   */
  void findNext(int remaining) {
    forced = NONE;
    mask = null;
    int left = remaining;
    if (forcesTokens && left > 0 && !matcher.isComplete()) {
      forced = matcher.forced(left);
      left -= forced.length;
      if (left < 0) {
        throw new IllegalStateException(
            "a constraint forces %s tokens where %s remain".formatted(forced.length, remaining));
      }
      for (int token : forced) {
        matcher.accept(token);
      }
    }
    if (left > 0 && !matcher.isComplete()) {
      mask = matcher.mask(left);
    }
  }

  /** Allows some tokens before the answer begins. */
  void allow(TokenMask tokens) {
    forced = NONE;
    mask = tokens;
  }

  /**
   * The tokens that the answer may begin with. None are forced.
   *
   * @param remaining maximum number of tokens from here
   */
  TokenMask first(int remaining) {
    return matcher.mask(remaining);
  }

  /** The tokens that follow the last one that was sampled; the answer stands behind them. */
  int[] forced() {
    return forced;
  }

  /** The tokens that may be sampled next; null if the answer has ended. */
  @Nullable TokenMask mask() {
    return mask;
  }

  /** Whether nothing but the end of the answer may follow. */
  boolean isComplete() {
    return matcher.isComplete();
  }

  /** Why the answer has ended, unless it has run out of tokens. */
  FinishReason finishReason() {
    return matcher.isCutShort() ? FinishReason.LENGTH : FinishReason.STOP;
  }
}
