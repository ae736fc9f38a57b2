package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.TokenMatcher.EnumeratedField;
import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer stands in its constraint, and what may come next. Tokens that must come next
 * whatever the model says are forced: they are appended without sampling, as a chunk of prefill.
 */
final class ConstrainedAnswer {
  private static final int[] NONE = {};

  private final TokenMatcher matcher;
  private final boolean forcesTokens;
  private final FieldPlans plans;
  private int[] forced = NONE;
  private @Nullable TokenMask mask;
  private @Nullable EnumeratedField field;

  /**
   * @param forcesTokens whether tokens are forced; otherwise they are sampled like others, from
   *     masks
   */
  ConstrainedAnswer(TokenMatcher matcher, boolean forcesTokens, FieldPlans plans) {
    this.plans = plans;
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
   * Advances by the rest of the value of an enumerated field.
   *
   * @param remaining maximum number of tokens after it
   */
  void write(int[] value, int remaining) {
    for (int token : value) {
      matcher.accept(token);
    }
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
    field = null;
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
      field = scorable(matcher.enumeratedField(), left);
      mask = field == null ? matcher.mask(left) : null;
    }
  }

  /** A field is sampled like the rest of the answer if not all of its values leave room to end. */
  private @Nullable EnumeratedField scorable(@Nullable EnumeratedField found, int left) {
    if (found == null) {
      return null;
    }
    ChoicePlan plan = plans.find(found);
    return plan != null && plan.longestChoice() + matcher.shortestEnd() <= left ? found : null;
  }

  /** The enumerated field to score next; null if a token is sampled next, or nothing. */
  @Nullable EnumeratedField field() {
    return field;
  }

  /** JSON pointers of the fields that the schema leaves no choice. */
  List<String> constantFields() {
    return matcher.constantFields();
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

  /** The tokens that may be sampled next; null if the answer has ended, or a field is scored. */
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
