package io.nightshift.operators.jinja.runtime;

import java.util.HexFormat;

/** Python's view of text: what is a space, a word, an identifier; lengths in code points. */
public final class PythonText {
  private PythonText() {}

  /** {@code str.isspace} of one character. */
  public static boolean isSpace(int c) {
    if (c < 128) {
      return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
    }
    return c == 0x85 || Character.isSpaceChar(c);
  }

  /** Whether the regular expression {@code \w} takes the character. */
  public static boolean isWord(int c) {
    return c == '_' || isAlphanumeric(c);
  }

  /** {@code str.isalnum} of one character. */
  public static boolean isAlphanumeric(int c) {
    if (c < 128) {
      return Character.isLetterOrDigit(c);
    }
    int type = Character.getType(c);
    return Character.isLetter(c)
        || type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  public static boolean isIdentifier(String name) {
    int first = name.codePointAt(0);
    if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
      return false;
    }
    return name.codePoints()
        .allMatch(
            c ->
                c == '_'
                    || (Character.isUnicodeIdentifierPart(c)
                        && !Character.isIdentifierIgnorable(c)));
  }

  /** Index after the last character before {@code end} that is not a space. */
  public static int rightTrimmed(String text, int end) {
    int i = end;
    while (i > 0 && isSpace(text.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  /** Index of the first character that is not a space. */
  public static int leftTrimmed(String text) {
    int i = 0;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Number of code points. */
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Whether code points and UTF-16 units are the same in this text. */
  static boolean isBasic(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isHighSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The escape by which {@code repr} and {@code ascii} write a character that is not ASCII's. */
  public static String escape(int c) {
    HexFormat hex = HexFormat.of();
    if (c < 0x100) {
      return "\\x" + hex.toHexDigits(c, 2);
    }
    return c < 0x10000 ? "\\u" + hex.toHexDigits(c, 4) : "\\U" + hex.toHexDigits(c, 8);
  }

  /** {@code str.isprintable} of one character: others are escaped by {@code repr}. */
  public static boolean isPrintable(int c) {
    if (c < 127) {
      return c >= ' ';
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
