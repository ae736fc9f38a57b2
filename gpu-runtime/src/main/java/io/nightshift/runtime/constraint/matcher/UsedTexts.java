package io.nightshift.runtime.constraint.matcher;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of texts that may not occur again, as a trie. Immutable; sets of equal texts are equal. A
 * node is the set of the rests of the texts that begin with its path.
 */
final class UsedTexts {
  static final UsedTexts NONE = new UsedTexts(new byte[0], new UsedTexts[0], false);

  private final byte[] bytes;
  private final UsedTexts[] children;
  private final boolean end;
  private final int size;
  private final int hash;
  private @Nullable Unused unused;

  /** What was computed last. */
  private record Unused(ByteDfa words, int state, TwoShortest lengths) {}

  private UsedTexts(byte[] bytes, UsedTexts[] children, boolean end) {
    this.bytes = bytes;
    this.children = children;
    this.end = end;
    int texts = end ? 1 : 0;
    for (UsedTexts child : children) {
      texts += child.size;
    }
    this.size = texts;
    this.hash = (Arrays.hashCode(bytes) * 31 + Arrays.hashCode(children)) * 31 + (end ? 1 : 0);
  }

  /** The texts that continue with a byte; null if there are none. */
  @Nullable UsedTexts after(int value) {
    int index = index(value);
    return index < 0 ? null : children[index];
  }

  UsedTexts with(byte[] text) {
    return with(text, 0);
  }

  private UsedTexts with(byte[] text, int from) {
    if (from == text.length) {
      return new UsedTexts(bytes, children, true);
    }
    int index = index(text[from] & 0xFF);
    if (index >= 0) {
      UsedTexts[] changed = children.clone();
      changed[index] = children[index].with(text, from + 1);
      return new UsedTexts(bytes, changed, end);
    }
    int at = -index - 1;
    byte[] moreBytes = new byte[bytes.length + 1];
    UsedTexts[] moreChildren = new UsedTexts[bytes.length + 1];
    System.arraycopy(bytes, 0, moreBytes, 0, at);
    System.arraycopy(children, 0, moreChildren, 0, at);
    moreBytes[at] = text[from];
    moreChildren[at] = NONE.with(text, from + 1);
    System.arraycopy(bytes, at, moreBytes, at + 1, bytes.length - at);
    System.arraycopy(children, at, moreChildren, at + 1, bytes.length - at);
    return new UsedTexts(moreBytes, moreChildren, end);
  }

  /** Number of texts. */
  int size() {
    return size;
  }

  /** Whether the set has the empty text, that is, the path to this node is a text of the set. */
  boolean isEnd() {
    return end;
  }

  /**
   * Number of bytes of the shortest word of an automaton that completes a text outside of the set;
   * {@link Frame#NEVER} if there is none.
   *
   * @param used what is used of the texts that begin as this one does; null for nothing
   */
  static int shortestUnused(ByteDfa words, int state, @Nullable UsedTexts used) {
    return used == null ? words.shortest(state) : used.unused(words, state).first();
  }

  /**
   * Number of bytes of the second shortest such word: an upper bound on {@link #shortestUnused} if
   * the set had one more text.
   */
  static int secondShortestUnused(ByteDfa words, int state, @Nullable UsedTexts used) {
    return used == null ? words.secondShortest(state) : used.unused(words, state).second();
  }

  /**
   * Number of bytes of an unused word where the last used text may not be known; {@link
   * Frame#NEVER} if it may be the last of few.
   *
   * @param lacksLast whether the set lacks the last text
   */
  static int shortestUnused(ByteDfa words, int state, @Nullable UsedTexts used, boolean lacksLast) {
    if (!lacksLast) {
      return shortestUnused(words, state, used);
    }
    // Which text is used beside the others is not known, but one text is not the last of plenty.
    return words.isPlenty(state) ? secondShortestUnused(words, state, used) : Frame.NEVER;
  }

  private TwoShortest unused(ByteDfa words, int state) {
    Unused known = unused;
    if (known == null || known.words != words || known.state != state) {
      known = new Unused(words, state, computeUnused(words, state));
      unused = known;
    }
    return known.lengths;
  }

  private TwoShortest computeUnused(ByteDfa words, int state) {
    TwoShortest two = new TwoShortest();
    if (words.accepts(state) && !end) {
      two.add(0);
    }
    for (int i = words.firstTransition(state); i < words.afterTransitions(state); i++) {
      int target = words.target(i);
      int others = words.high(i) - words.low(i) + 1;
      for (int child = firstChild(words.low(i));
          child < bytes.length && (bytes[child] & 0xFF) <= words.high(i);
          child++) {
        others--;
        TwoShortest below = children[child].unused(words, target);
        two.add(1 + below.first());
        two.add(1 + below.second());
      }
      if (others > 0) {
        two.add(1 + words.shortest(target));
        two.add(1 + (others > 1 ? words.shortest(target) : words.secondShortest(target)));
      }
    }
    return two;
  }

  /** What is used of the texts that begin with some bytes; null for nothing. */
  @Nullable UsedTexts after(byte[] begin) {
    UsedTexts node = this;
    for (int i = 0; i < begin.length && node != null; i++) {
      node = node.after(begin[i] & 0xFF);
    }
    return node;
  }

  private int firstChild(int atLeast) {
    int index = index(atLeast);
    return index < 0 ? -index - 1 : index;
  }

  private int index(int value) {
    int low = 0;
    int high = bytes.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = bytes[middle] & 0xFF;
      if (found == value) {
        return middle;
      }
      if (found < value) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof UsedTexts that
            && hash == that.hash
            && end == that.end
            && Arrays.equals(bytes, that.bytes)
            && Arrays.equals(children, that.children));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
