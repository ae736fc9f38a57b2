package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.tokenizer.Tokenizer;
import java.util.Collection;
import java.util.function.Function;

/** The tokens of a model, as bytes. Made once for a model and shared by all constraints. */
public final class Vocabulary {
  private static final byte[] NOTHING = {};
  // Bytes that begin a character of several bytes; the first two would encode ASCII characters.
  private static final int FIRST_LEAD = 0xC0;
  private static final int LAST_LEAD = 0xF4;

  private final byte[][] bytes;
  private final int[] endTokens;
  private final int leadingSpaces;
  private final Function<String, int[]> encoder;
  private final ByteTrie trie;
  private final StringTokens strings;
  private final boolean hasAllBytes;

  /**
   * @param bytes the bytes of each token; none for tokens that are never part of an answer. They
   *     need not be whole characters, and several tokens may have the same
   * @param endTokens the tokens that end an answer
   * @param leadingSpaces maximum number of spaces at the beginning of the tokens that the decoded
   *     text lacks
   * @param encoder the tokens of a text, as the model was trained on
   */
  public Vocabulary(
      byte[][] bytes,
      Collection<Integer> endTokens,
      int leadingSpaces,
      Function<String, int[]> encoder) {
    this.bytes = bytes.clone();
    this.endTokens = endTokens.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
    for (int token : this.endTokens) {
      this.bytes[token] = NOTHING;
    }
    this.leadingSpaces = leadingSpaces;
    this.encoder = encoder;
    this.trie = new ByteTrie(this.bytes);
    this.strings = new StringTokens(this.bytes);
    this.hasAllBytes = hasAllBytes(trie);
  }

  /**
   * The tokens of a model.
   *
   * @param endTokens the tokens that end an answer
   * @param size number of logits, which may be more than the tokenizer's tokens
   */
  public static Vocabulary of(Tokenizer tokenizer, Collection<Integer> endTokens, int size) {
    byte[][] bytes = new byte[size][];
    for (int token = 0; token < size; token++) {
      bytes[token] = tokenizer.tokenBytes(token);
    }
    return new Vocabulary(bytes, endTokens, tokenizer.leadingSpaces(), tokenizer::encode);
  }

  /** Number of logits. */
  public int size() {
    return bytes.length;
  }

  /** The bytes of a token; none if it is never part of an answer. Must not be modified. */
  public byte[] bytes(int token) {
    return bytes[token];
  }

  public boolean isEnd(int token) {
    for (int end : endTokens) {
      if (end == token) {
        return true;
      }
    }
    return false;
  }

  /** Maximum number of spaces at the beginning of the tokens that the decoded text lacks. */
  public int leadingSpaces() {
    return leadingSpaces;
  }

  int[] endTokens() {
    return endTokens;
  }

  /** The tokens that the model's tokenizer writes a text with. */
  public int[] encode(String text) {
    return encoder.apply(text);
  }

  /** Whether there is a token for every byte that UTF-8 has. */
  boolean hasAllBytes() {
    return hasAllBytes;
  }

  private static boolean hasAllBytes(ByteTrie trie) {
    for (int value = 0; value <= LAST_LEAD; value++) {
      boolean never = value == FIRST_LEAD || value == FIRST_LEAD + 1;
      int node = trie.child(0, value);
      if (!never && (node < 0 || !trie.hasTokens(node))) {
        return false;
      }
    }
    return true;
  }

  ByteTrie trie() {
    return trie;
  }

  StringTokens strings() {
    return strings;
  }
}
