package io.nightshift.runtime.constraint.mask;

/**
 * A set of tokens. Immutable: masks are cached and shared by rows, so a mask that is the same
 * object need not be copied to a device twice.
 */
public final class TokenMask {
  private final long[] words;
  private final int count;

  /**
   * @param words bit {@code token % 64} of word {@code token / 64} says whether the token is in the
   *     set; taken over
   */
  public TokenMask(long[] words) {
    this.words = words;
    int bits = 0;
    for (long word : words) {
      bits += Long.bitCount(word);
    }
    this.count = bits;
  }

  /** Tokens behind the last word are not in the set. */
  public boolean contains(int token) {
    return token >> 6 < words.length && (words[token >> 6] >>> token & 1) != 0;
  }

  /** Number of tokens in the set. */
  public int count() {
    return count;
  }

  /** The words; must not be modified. */
  public long[] words() {
    return words;
  }
}
