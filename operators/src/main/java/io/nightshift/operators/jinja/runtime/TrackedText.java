package io.nightshift.operators.jinja.runtime;

import java.util.Arrays;

/**
 * A text that remembers which of its characters a template wrote itself: text between its tags and
 * string literals. All others came from a variable or were computed (numbers, printed lists, JSON),
 * and must not be read as part of a control token.
 *
 * <p>Templates cannot tell such a text from a plain one. Inside of a rendering, a plain {@link
 * String} is a text without a literal character: what an operation forgets to carry over is thereby
 * protected, never the reverse. Immutable.
 */
public final class TrackedText {
  private static final int[] NONE = {};
  private static final int[] ONE_CHARACTER = {0, 1};

  private final String text;
  private final int[] literals;

  /**
   * @param literals start and end of each range of literal characters in turn, ascending; ranges
   *     neither overlap nor touch
   */
  TrackedText(String text, int[] literals) {
    this.text = text;
    this.literals = literals;
  }

  /** A text that counts as written by a template. */
  public static TrackedText literal(String text) {
    return new TrackedText(text, whole(text.length()));
  }

  /** The characters. */
  public String text() {
    return text;
  }

  /** Start and end of each range of literal characters, as UTF-16 indexes, ascending. */
  public int[] literals() {
    return literals.clone();
  }

  @Override
  public String toString() {
    return text;
  }

  /** The value that a rendering has for a text with these literal ranges. */
  static Object value(String text, int[] literals) {
    return literals.length == 0 ? text : new TrackedText(text, literals);
  }

  /** A text that was computed from another: literal if all of the other was. */
  public static Object computed(Object from, String text) {
    return from instanceof TrackedText source && source.isLiteral()
        ? value(text, whole(text.length()))
        : text;
  }

  /** A part of a String or TrackedText, with its origin; indexes count UTF-16 units. */
  public static Object substring(Object text, int from, int to) {
    if (text instanceof TrackedText template) {
      return value(template.text.substring(from, to), template.literalsBetween(from, to));
    }
    return ((String) text).substring(from, to);
  }

  boolean isLiteral() {
    return literals.length == 2 && literals[0] == 0 && literals[1] == text.length();
  }

  /** The literal ranges of a part, relative to its start. */
  int[] literalsBetween(int from, int to) {
    if (isLiteral()) {
      return whole(to - from);
    }
    int[] part = new int[literals.length];
    int used = 0;
    for (int i = firstBehind(from); i < literals.length && literals[i] < to; i += 2) {
      part[used++] = Math.max(literals[i], from) - from;
      part[used++] = Math.min(literals[i + 1], to) - from;
    }
    return Arrays.copyOf(part, used);
  }

  /** Index of the first range that ends after {@code position}. */
  private int firstBehind(int position) {
    int low = 0;
    int high = literals.length / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (literals[2 * middle + 1] <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 2 * low;
  }

  private static int[] whole(int length) {
    return length == 0 ? NONE : length == 1 ? ONE_CHARACTER : new int[] {0, length};
  }
}
