package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import io.nightshift.runtime.constraint.matcher.FreeString;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/** Walks tokens through an automaton. Thread-safe. */
final class MaskWalker {
  private final ByteAutomaton automaton;
  private final Vocabulary vocabulary;
  private final ByteTrie trie;
  private final StringTokens strings;
  private final Completions completions;
  private final boolean endAtChoices;

  /**
   * @param endAtChoices whether tokens end where the values of an enumeration differ
   */
  MaskWalker(
      ByteAutomaton automaton,
      Vocabulary vocabulary,
      Completions completions,
      boolean endAtChoices) {
    this.endAtChoices = endAtChoices;
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    this.trie = vocabulary.trie();
    this.strings = vocabulary.strings();
    this.completions = completions;
  }

  /**
   * The tokens that may follow a configuration.
   *
   * @param most maximum number of tokens that may be needed to complete the answer afterwards;
   *     {@link Completions#NEVER} for no maximum
   */
  Successors walk(Configuration from, int most) {
    long[] words = noTokens();
    Set<Configuration> found = Collections.newSetFromMap(new IdentityHashMap<>());
    Configuration last = null;
    boolean pruned = false;
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
      if (trie.hasTokens(node)) {
        int rest = most == Completions.NEVER ? 0 : completions.tokens(next);
        if (rest <= most) {
          if (next != last) {
            found.add(next);
            last = next;
          }
          trie.addTokens(node, words);
        } else {
          pruned |= rest != Completions.NEVER;
        }
      }
      node = isEnd(next) ? trie.end(node) : node + 1;
    }
    if (from.mayEnd()) {
      for (int token : vocabulary.endTokens()) {
        words[token >> 6] |= 1L << token;
      }
    }
    return new Successors(new TokenMask(words), found, pruned);
  }

  /** The tokens that may follow a place in a string that all characters may follow. */
  Successors inString(Configuration from, FreeString string) {
    long[] words;
    boolean counts = string.fewest() > 0 || string.most() < strings.longest();
    if (string.most() >= strings.longest()) {
      words = strings.inside().clone();
    } else {
      words = noTokens();
      strings.addInside(words, string.most());
    }
    Set<Configuration> found = new HashSet<>();
    for (byte[] token : counts ? strings.endingsByLength() : strings.endings()) {
      Configuration after = from;
      for (byte value : token) {
        after = automaton.next(after, value & 0xFF);
      }
      if (!after.isDead()) {
        found.add(after);
      }
    }
    ByteTrie closing = strings.closing();
    Configuration[] path = new Configuration[closing.maxDepth() + 1];
    for (int node = 1; node < closing.nodes(); ) {
      int depth = closing.depth(node);
      Configuration next =
          depth == 1 ? string.after() : automaton.next(path[depth - 1], closing.value(node));
      if (next.isDead()) {
        node = closing.end(node);
        continue;
      }
      path[depth] = next;
      for (int i = closing.firstToken(node); i < closing.afterTokens(node); i++) {
        int token = closing.token(i);
        int length = strings.closingLength(token);
        if (string.fewest() <= length && length <= string.most()) {
          words[token >> 6] |= 1L << token;
          found.add(next);
        }
      }
      node = isEnd(next) ? closing.end(node) : node + 1;
    }
    return new Successors(new TokenMask(words), found);
  }

  /**
   * The tokens that may follow a place in a string from where most characters lead to one that all
   * characters may follow: the tokens that may follow there, except where the ways differ.
   */
  Successors walkTo(Configuration freed, Successors afterFreed, Configuration from) {
    long[] words = afterFreed.mask().words().clone();
    Set<Configuration> found = new HashSet<>(afterFreed.configurations());
    Configuration[] path = new Configuration[trie.maxDepth() + 1];
    path[0] = from;
    for (int node = 1; node < trie.nodes(); ) {
      int depth = trie.depth(node);
      Configuration next = automaton.next(path[depth - 1], trie.value(node));
      if (next == freed) {
        node = trie.end(node);
        continue;
      }
      if (next.isDead()) {
        trie.removeTokensBelow(node, words);
        node = trie.end(node);
        continue;
      }
      path[depth] = next;
      if (isEnd(next)) {
        trie.removeTokensBelow(node, words);
      }
      if (trie.hasTokens(node)) {
        found.add(next);
        trie.addTokens(node, words);
      }
      node = isEnd(next) ? trie.end(node) : node + 1;
    }
    return new Successors(new TokenMask(words), found);
  }

  private boolean isEnd(Configuration at) {
    return endAtChoices && at.isChoice();
  }

  private long[] noTokens() {
    return new long[(vocabulary.size() + 63) >> 6];
  }
}
