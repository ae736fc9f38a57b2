package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.model.random.SplitMix64;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers of any length that is a multiple of a period. Which tokens may come next is a hash of all
 * tokens before; in some places only one.
 */
public final class PeriodicAnswers implements Constraint {
  private final int vocabularySize;
  private final Set<Integer> endTokens;
  private final int period;
  private final long seed;

  public PeriodicAnswers(int vocabularySize, Set<Integer> endTokens, int period, long seed) {
    this.vocabularySize = vocabularySize;
    this.endTokens = endTokens;
    this.period = period;
    this.seed = seed;
  }

  /** Whether the tokens are an answer. */
  boolean allows(int[] tokens) {
    long state = seed;
    for (int token : tokens) {
      if (!isAllowed(state, token)) {
        return false;
      }
      state = next(state, token);
    }
    return tokens.length % period == 0;
  }

  private static long next(long state, int token) {
    return SplitMix64.hash(state + token);
  }

  /** The tokens that may follow, in any number of remaining ones; the same one may occur twice. */
  private int[] allowed(long state) {
    long random = SplitMix64.hash(~state);
    int[] tokens = new int[random % 3 == 0 ? 2 + vocabularySize / 4 : 1];
    for (int i = 0; i < tokens.length; ) {
      random = SplitMix64.hash(random);
      int token = (int) Long.remainderUnsigned(random, vocabularySize);
      if (!endTokens.contains(token)) {
        tokens[i++] = token;
      }
    }
    return tokens;
  }

  private boolean isAllowed(long state, int token) {
    return Arrays.stream(allowed(state)).anyMatch(other -> other == token);
  }

  @Override
  public TokenMatcher matcher() {
    return new Matcher();
  }

  @Override
  public int shortestTokens() {
    return matcher().shortestEnd();
  }

  private final class Matcher implements TokenMatcher {
    private long state = seed;
    private int length;
    private boolean isCutShort;

    @Override
    public TokenMask mask(int remaining) {
      IntStream tokens =
          mayContinue(length, remaining) ? Arrays.stream(allowed(state)) : IntStream.empty();
      IntStream ends =
          shortestEnd() == 0 ? endTokens.stream().mapToInt(Integer::intValue) : IntStream.empty();
      return new TokenMask(TokenSequences.words(vocabularySize, IntStream.concat(tokens, ends)));
    }

    private boolean mayContinue(int from, int remaining) {
      if (remaining < 1 || remaining < shortestEnd()) {
        throw new AssertionError("the answer cannot end within " + remaining + " tokens");
      }
      boolean may = period - from % period <= remaining;
      isCutShort |= !may;
      return may;
    }

    @Override
    public int[] forced(int remaining) {
      int[] tokens = new int[period];
      int count = 0;
      long reached = state;
      while ((length + count) % period != 0 && count < remaining) {
        int[] next = allowed(reached);
        if (next.length > 1) {
          break;
        }
        tokens[count++] = next[0];
        reached = next(reached, next[0]);
      }
      return Arrays.copyOf(tokens, count);
    }

    @Override
    public void accept(int token) {
      if (!isAllowed(state, token)) {
        throw new IllegalArgumentException("token " + token + " is not allowed here");
      }
      state = next(state, token);
      length++;
    }

    @Override
    public boolean isComplete() {
      return false;
    }

    @Override
    public int shortestEnd() {
      return (period - length % period) % period;
    }

    @Override
    public boolean isCutShort() {
      return isCutShort;
    }

    @Override
    public @Nullable EnumeratedField enumeratedField() {
      return null;
    }
  }
}
