package io.nightshift.runtime.tokenizer;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the longest of a set of added tokens at an index in a text. */
final class TokenTrie {

  private static final class Node {
    final Map<Character, Node> next = new HashMap<>();
    @Nullable AddedToken token;
  }

  private final Node root = new Node();
  // The first character rules out most indices of a text.
  private final BitSet firstCharacters = new BitSet();

  TokenTrie(Collection<AddedToken> tokens) {
    for (AddedToken token : tokens) {
      Node node = root;
      for (int i = 0; i < token.content().length(); i++) {
        node = node.next.computeIfAbsent(token.content().charAt(i), c -> new Node());
      }
      node.token = token;
      firstCharacters.set(token.content().charAt(0));
    }
  }

  /** The longest token that begins at {@code start} and ends at or before {@code limit}. */
  @Nullable AddedToken longestAt(String text, int start, int limit) {
    if (!firstCharacters.get(text.charAt(start))) {
      return null;
    }
    AddedToken longest = null;
    Node node = root;
    for (int i = start; i < limit; i++) {
      node = node.next.get(text.charAt(i));
      if (node == null) {
        break;
      }
      if (node.token != null) {
        longest = node.token;
      }
    }
    return longest;
  }
}
