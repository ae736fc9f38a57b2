package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The masks of one constraint. Thread-safe. */
public final class TokenMasks {
  private static final long MAX_CACHED_BYTES = 256L << 20;

  private final ByteAutomaton automaton;
  private final Vocabulary vocabulary;
  private final ByteTrie trie;
  private final Completions completions;
  private final int maxCached;
  private final ConcurrentMap<Configuration, Entry> entries = new ConcurrentHashMap<>();

  /** The tokens that may follow a configuration. */
  private static final class Entry {
    final TokenMask mask;
    final Set<Configuration> successors;
    final int mostBytes;
    // Computed when it is needed; threads that compute it at once find the same.
    int mostTokens = -1;

    Entry(TokenMask mask, Set<Configuration> successors) {
      this.mask = mask;
      this.successors = successors;
      this.mostBytes = successors.stream().mapToInt(Configuration::completionBytes).max().orElse(0);
    }
  }

  public TokenMasks(ByteAutomaton automaton, Vocabulary vocabulary) {
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    this.trie = vocabulary.trie();
    this.completions = new Completions(automaton, trie);
    this.maxCached = (int) Math.max(64, MAX_CACHED_BYTES / (vocabulary.size() / 8 + 64));
  }

  /** Number of tokens of a way to complete the answer; 0 if it may end here. */
  public int shortestEnd(Configuration from) {
    return completions.tokens(from);
  }

  /** All tokens that may follow, as long as enough tokens remain. */
  public TokenMask mask(Configuration from) {
    return entry(from).mask;
  }

  /**
   * The tokens after which the answer can be completed.
   *
   * @param remaining maximum number of tokens from here to the end, at least {@link #shortestEnd}
   */
  public TokenMask mask(Configuration from, int remaining) {
    Entry entry = entry(from);
    if (entry.mostBytes < remaining) {
      return entry.mask;
    }
    if (entry.mostTokens < 0) {
      int most = 0;
      for (Configuration successor : entry.successors) {
        most = Math.max(most, completions.tokens(successor));
      }
      entry.mostTokens = most;
    }
    return entry.mostTokens < remaining ? entry.mask : walk(from, remaining - 1).mask;
  }

  private Entry entry(Configuration from) {
    Entry known = entries.get(from);
    if (known == null) {
      if (entries.size() >= maxCached) {
        entries.clear();
      }
      known = walk(from, Completions.NEVER);
      entries.put(from, known);
    }
    return known;
  }

  private Entry walk(Configuration from, int most) {
    long[] words = new long[(vocabulary.size() + 63) >> 6];
    Set<Configuration> successors = Collections.newSetFromMap(new IdentityHashMap<>());
    Configuration[] path = new Configuration[trie.maxDepth() + 1];
    path[0] = from;
    for (int node = 1; node < trie.nodes(); ) {
      int depth = trie.depth(node);
      Configuration next = automaton.next(path[depth - 1], trie.value(node));
      if (next.isDead()) {
        node = trie.end(node);
        continue;
      }
      path[depth] = next;
      if (trie.hasTokens(node) && (most == Completions.NEVER || completions.tokens(next) <= most)) {
        successors.add(next);
        for (int i = trie.firstToken(node); i < trie.afterTokens(node); i++) {
          int token = trie.token(i);
          words[token >> 6] |= 1L << token;
        }
      }
      node++;
    }
    if (from.mayEnd()) {
      for (int token : vocabulary.endTokens()) {
        words[token >> 6] |= 1L << token;
      }
    }
    return new Entry(new TokenMask(words), successors);
  }
}
