package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many tokens complete an answer: those of the automaton's completion, cut into the longest
 * tokens from its beginning on. After the first of them, the rest is cut in the same way, so that
 * there is always a token after which the number is one less. Where the completion goes on in
 * another way once names and items are resolved, a token for each byte is counted.
 */
final class Completions {
  /** More tokens than any answer has: the completion has bytes that no token has. */
  static final int NEVER = Integer.MAX_VALUE;

  private static final int MAX_KNOWN = 20_000;

  private final ByteAutomaton automaton;
  private final ByteTrie trie;
  private final ConcurrentMap<Configuration, Integer> known = new ConcurrentHashMap<>();

  Completions(ByteAutomaton automaton, ByteTrie trie) {
    this.automaton = automaton;
    this.trie = trie;
  }

  /** Number of tokens that complete an answer, or more; 0 if it may end here. */
  int tokens(Configuration from) {
    List<Configuration> path = new ArrayList<>();
    Configuration at = from;
    int tokens;
    while (true) {
      if (at.mayEnd() || at.isOpen()) {
        // What completes an open configuration is only known once it is resolved.
        tokens = at.completionBytes();
        break;
      }
      Integer rest = known.get(at);
      if (rest != null) {
        tokens = rest;
        break;
      }
      path.add(at);
      Configuration after = afterLongestToken(at);
      if (after.isDead()) {
        tokens = NEVER;
        break;
      }
      at = after;
    }
    if (known.size() > MAX_KNOWN) {
      known.clear();
    }
    for (int i = path.size() - 1; i >= 0; i--) {
      tokens = tokens == NEVER ? NEVER : tokens + 1;
      known.put(path.get(i), tokens);
    }
    return tokens;
  }

  /** The configuration after the longest token of the completion; a dead one if there is none. */
  private Configuration afterLongestToken(Configuration from) {
    Configuration at = from;
    Configuration longest = automaton.dead();
    int node = 0;
    while (!at.mayEnd() && !at.isOpen()) {
      int value = automaton.completingByte(at);
      node = trie.child(node, value);
      if (node < 0) {
        break;
      }
      at = automaton.next(at, value);
      if (trie.hasTokens(node)) {
        longest = at;
      }
    }
    return longest;
  }
}
