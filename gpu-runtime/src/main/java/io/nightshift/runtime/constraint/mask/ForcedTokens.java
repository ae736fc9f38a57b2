package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The tokens of text that must come next. The text is cut into tokens as the tokenizer would cut
 * it, together with the answer before it; tokens at its end that it might cut in another way,
 * depending on what follows, are left out. Thread-safe.
 */
public final class ForcedTokens {
  private static final int[] NONE = {};

  /** Number of tokens before the forced text that are encoded again with it. */
  private static final int CONTEXT = 16;

  private final ByteAutomaton automaton;
  private final Vocabulary vocabulary;
  private final ByteTrie trie;
  private final TokenMasks masks;
  private final boolean endAtChoices;

  /**
   * @param endAtChoices whether tokens end where the values of an enumeration differ
   */
  public ForcedTokens(
      ByteAutomaton automaton, Vocabulary vocabulary, TokenMasks masks, boolean endAtChoices) {
    this.endAtChoices = endAtChoices;
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    this.trie = vocabulary.trie();
    this.masks = masks;
  }

  /**
   * The tokens that follow whatever the model says; none if there is a choice.
   *
   * @param from where the answer stands, resolved
   * @param tokens the tokens of the answer so far
   * @param remaining maximum number of tokens from here to the end
   */
  public int[] after(Configuration from, int[] tokens, int remaining) {
    if (automaton.onlyByte(from) < 0) {
      return NONE;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = firstOfContext(tokens); i < tokens.length; i++) {
      text.writeBytes(vocabulary.bytes(tokens[i]));
    }
    int begin = text.size();
    Configuration end = from;
    // The last place between two characters.
    int length = begin;
    Configuration at = from;
    int only = automaton.onlyByte(at);
    // An unresolved configuration lacks choices.
    while (only >= 0 && !at.isUnresolved()) {
      text.write(only);
      at = automaton.next(at, only);
      only = automaton.onlyByte(at);
      if (isWhole(text.toByteArray(), text.size())) {
        length = text.size();
        end = at;
      }
    }
    byte[] bytes = Arrays.copyOf(text.toByteArray(), length);
    boolean ends = automaton.isComplete(end) || (endAtChoices && end.isChoice());
    int stable = ends ? bytes.length : firstUnstable(bytes, end);
    int[] canonical = vocabulary.encode(new String(bytes, StandardCharsets.UTF_8));
    return allowed(from, continuation(canonical, bytes, begin, stable), remaining);
  }

  private int firstOfContext(int[] tokens) {
    int first = Math.max(0, tokens.length - CONTEXT);
    // Not in the middle of a character.
    while (first < tokens.length && !beginsCharacter(vocabulary.bytes(tokens[first]))) {
      first++;
    }
    return first;
  }

  /** Whether a text does not end in the middle of a character. */
  private static boolean isWhole(byte[] text, int length) {
    int last = length - 1;
    while (last >= 0 && (text[last] & 0xC0) == 0x80) {
      last--;
    }
    if (last < 0) {
      return length == 0;
    }
    int lead = text[last] & 0xFF;
    int bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return last + bytes == length;
  }

  private static boolean beginsCharacter(byte[] bytes) {
    return bytes.length > 0 && (bytes[0] & 0xC0) != 0x80;
  }

  /** The first byte that a token might begin with that goes on after the end. */
  private int firstUnstable(byte[] bytes, Configuration end) {
    for (int start = Math.max(0, bytes.length - trie.maxDepth()); start < bytes.length; start++) {
      int node = 0;
      for (int i = start; i < bytes.length && node >= 0; i++) {
        node = trie.child(node, bytes[i] & 0xFF);
      }
      if (node >= 0 && continues(node, end)) {
        return start;
      }
    }
    return bytes.length;
  }

  private boolean continues(int from, Configuration end) {
    Configuration[] path = new Configuration[trie.maxDepth() + 1];
    path[trie.depth(from)] = end;
    for (int node = from + 1; node < trie.end(from); ) {
      int depth = trie.depth(node);
      Configuration next = automaton.next(path[depth - 1], trie.value(node));
      if (next.isDead()) {
        node = trie.end(node);
      } else if (trie.hasTokens(node)) {
        return true;
      } else {
        path[depth] = next;
        node++;
      }
    }
    return false;
  }

  /** The tokens between two places in a text, if there is a boundary of tokens at the first. */
  private int[] continuation(int[] canonical, byte[] text, int begin, int stable) {
    int total = 0;
    for (int token : canonical) {
      total += vocabulary.bytes(token).length;
    }
    // The tokenizer may have added spaces before the text.
    int at = text.length - total;
    int first = -1;
    int last = -1;
    for (int i = 0; i < canonical.length; i++) {
      if (at == begin) {
        first = i;
      }
      byte[] token = vocabulary.bytes(canonical[i]);
      for (int k = Math.max(0, -at); k < token.length; k++) {
        if (at + k >= text.length || token[k] != text[at + k]) {
          return NONE;
        }
      }
      at += token.length;
      if (at <= stable) {
        last = i;
      }
    }
    return first < 0 || last < first ? NONE : Arrays.copyOfRange(canonical, first, last + 1);
  }

  /** As many of the tokens as leave enough for the end. */
  private int[] allowed(Configuration from, int[] tokens, int remaining) {
    Configuration at = from;
    int allowed = 0;
    for (int i = 0; i < tokens.length && i < remaining; i++) {
      for (byte value : vocabulary.bytes(tokens[i])) {
        at = automaton.next(at, value & 0xFF);
      }
      if (at.isDead()) {
        break;
      }
      if (masks.shortestEnd(at) < remaining - i) {
        allowed = i + 1;
      }
      if (at.isUnresolved()) {
        break;
      }
    }
    return Arrays.copyOf(tokens, allowed);
  }
}
