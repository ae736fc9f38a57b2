package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import io.nightshift.runtime.constraint.matcher.FreeString;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The masks of one constraint. Thread-safe. */
public final class TokenMasks {
  /** More tokens than any answer has: the tokens cannot write the rest of the answer. */
  public static final int NEVER = Completions.NEVER;

  private static final long MAX_CACHED_BYTES = 256L << 20;

  private final ByteAutomaton automaton;
  private final Vocabulary vocabulary;
  private final MaskWalker walker;
  private final StringTokens strings;
  private final Completions completions;
  private final int maxCached;
  private final ConcurrentMap<Configuration, Successors> byConfiguration =
      new ConcurrentHashMap<>();
  // In strings that are far from their maximum length, by what follows after the string.
  private final ConcurrentMap<Configuration, Successors> inStrings = new ConcurrentHashMap<>();

  /**
   * @param endAtChoices whether tokens end where the values of an enumeration differ
   */
  public TokenMasks(ByteAutomaton automaton, Vocabulary vocabulary, boolean endAtChoices) {
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    this.completions = new Completions(automaton, vocabulary.trie());
    this.walker = new MaskWalker(automaton, vocabulary, completions, endAtChoices);
    this.strings = vocabulary.strings();
    this.maxCached = (int) Math.max(64, MAX_CACHED_BYTES / (vocabulary.size() / 8 + 64));
  }

  /** Number of tokens of a way to complete the answer, or {@link #NEVER}; 0 if it may end here. */
  public int shortestEnd(Configuration from) {
    return completions.tokens(from);
  }

  /**
   * The tokens after which the answer can be completed.
   *
   * @param remaining maximum number of tokens from here to the end, at least {@link #shortestEnd}
   */
  public AllowedTokens allowed(Configuration from, int remaining) {
    Successors successors = successors(from);
    if (successors.mostBytes() >= remaining && successors.mostTokens(completions) >= remaining) {
      successors = walker.walk(from, remaining - 1);
      return new AllowedTokens(successors.mask(), successors.isPruned());
    }
    return new AllowedTokens(successors.mask(), false);
  }

  /**
   * Tokens after which the answer can be completed.
   *
   * @param pruned whether others were left out only because too few tokens would remain after them
   */
  public record AllowedTokens(TokenMask mask, boolean pruned) {}

  private Successors successors(Configuration from) {
    Successors known = byConfiguration.get(from);
    if (known != null) {
      return known;
    }
    Successors found = find(from);
    if (!vocabulary.hasAllBytes() && found.mostTokens(completions) == NEVER) {
      // Not all that may follow can be completed with the tokens.
      found = walker.walk(from, NEVER - 1);
    }
    if (byConfiguration.size() >= maxCached) {
      byConfiguration.clear();
      inStrings.clear();
    }
    byConfiguration.put(from, found);
    return found;
  }

  private Successors find(Configuration from) {
    FreeString string = automaton.freeString(from);
    if (string != null) {
      if (string.fewest() > 0 || string.most() < strings.longest()) {
        return walker.inString(from, string);
      }
      Successors known = inStrings.get(string.after());
      if (known == null) {
        known = walker.inString(from, string);
        inStrings.put(string.after(), known);
      }
      return known;
    }
    @Nullable Configuration freed = automaton.freed(from);
    return freed == null
        ? walker.walk(from, Completions.NEVER)
        : walker.walkTo(freed, successors(freed), from);
  }
}
