package io.nightshift.runtime.constraint.regex;

import java.util.function.IntPredicate;

/** The characters of a pattern, read from left to right. */
final class PatternReader {
  static final int END = -1;

  private final int[] codePoints;
  private int position;

  PatternReader(String pattern) {
    this.codePoints = pattern.codePoints().toArray();
  }

  /** Column of the next character, from 1. */
  int column() {
    return position + 1;
  }

  /** The next character, which stays; {@link #END} after the last. */
  int peek() {
    return peek(0);
  }

  /** The character that is {@code ahead} of the next one. */
  int peek(int ahead) {
    return position + ahead < codePoints.length ? codePoints[position + ahead] : END;
  }

  /** The next character, which is gone. */
  int next() {
    int c = peek();
    position++;
    return c;
  }

  void skip(int count) {
    position += count;
  }

  /** Whether the next characters are these. */
  boolean at(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (peek(i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Takes these characters if they are next. */
  boolean accept(String text) {
    boolean found = at(text);
    position += found ? text.length() : 0;
    return found;
  }

  /** Takes the characters of a kind that are next; maybe none. */
  String takeWhile(IntPredicate kind) {
    int start = position;
    while (peek() != END && kind.test(peek())) {
      position++;
    }
    return new String(codePoints, start, position - start);
  }

  /** An exception that points to the next character. */
  RegexException error(String message) {
    return error(column(), message);
  }

  /** An exception that points to a column. */
  RegexException error(int column, String message) {
    return new RegexException(column, message);
  }

  /** A character as a message names it. */
  static String name(int c) {
    return c == END ? "the end" : "'" + Character.toString(c) + "'";
  }
}
