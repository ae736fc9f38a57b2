package io.nightshift.runtime.bench;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A constraint that allows text without alternative in the tokenizer's own tokens only. Trained
 * models write it so by themselves; random weights choose any tokens that spell it, often single
 * letters. With this constraint, sampled answers have the same tokens as those with forced tokens.
 */
final class CanonicalConstraint implements Constraint {
  private final Constraint constraint;
  private final int vocabularySize;
  private final Map<Integer, TokenMask> singles = new ConcurrentHashMap<>();

  CanonicalConstraint(Constraint constraint, int vocabularySize) {
    this.constraint = constraint;
    this.vocabularySize = vocabularySize;
  }

  @Override
  public TokenMatcher matcher() {
    return new Matcher(constraint.matcher());
  }

  @Override
  public int shortestTokens() {
    return constraint.shortestTokens();
  }

  private TokenMask only(int token) {
    return singles.computeIfAbsent(
        token,
        single -> {
          long[] words = new long[(vocabularySize + Long.SIZE - 1) / Long.SIZE];
          words[single / Long.SIZE] = 1L << single;
          return new TokenMask(words);
        });
  }

  private final class Matcher implements TokenMatcher {
    private final TokenMatcher matcher;
    private int[] forced = {};
    private int accepted;

    Matcher(TokenMatcher matcher) {
      this.matcher = matcher;
    }

    @Override
    public TokenMask mask(int remaining) {
      // Found in any case: the mask is what the benchmark measures.
      TokenMask mask = matcher.mask(remaining);
      if (accepted == forced.length) {
        forced = matcher.forced(remaining);
        accepted = 0;
      }
      return forced.length == 0 ? mask : only(forced[accepted]);
    }

    @Override
    public int[] forced(int remaining) {
      return matcher.forced(remaining);
    }

    @Override
    public void accept(int token) {
      matcher.accept(token);
      accepted = Math.min(accepted + 1, forced.length);
    }

    @Override
    public boolean isComplete() {
      return matcher.isComplete();
    }

    @Override
    public int shortestEnd() {
      return matcher.shortestEnd();
    }

    @Override
    public boolean isCutShort() {
      return matcher.isCutShort();
    }

    @Override
    public @Nullable EnumeratedField enumeratedField() {
      return matcher.enumeratedField();
    }
  }
}
