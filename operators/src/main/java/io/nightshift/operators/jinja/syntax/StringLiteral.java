package io.nightshift.operators.jinja.syntax;

import java.util.Locale;

/** The escapes of a string literal, which are Python's. */
final class StringLiteral {
  private StringLiteral() {}

  /**
   * Resolves the escapes.
   *
   * @throws IllegalArgumentException on an escape that is cut short
   */
  static String unescape(String text) {
    String literal = SourceReader.normalizeNewlines(text);
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder out = new StringBuilder(literal.length());
    int i = 0;
    while (i < literal.length()) {
      char c = literal.charAt(i);
      if (c != '\\') {
        out.append(c);
        i++;
      } else {
        i = escape(literal, i + 1, out);
      }
    }
    return out.toString();
  }

  /** Resolves one escape whose backslash precedes {@code i}; returns the index after it. */
  private static int escape(String text, int i, StringBuilder out) {
    char c = text.charAt(i);
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> out.append(c);
      case 'a' -> out.append('\u0007');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case 'x' -> {
        return hexadecimal(text, i + 1, 2, "\\xXX", out);
      }
      case 'u' -> {
        return hexadecimal(text, i + 1, 4, "\\uXXXX", out);
      }
      case 'U' -> {
        return hexadecimal(text, i + 1, 8, "\\UXXXXXXXX", out);
      }
      case 'N' -> {
        return named(text, i + 1, out);
      }
      default -> {
        return c >= '0' && c <= '7' ? octal(text, i, out) : unknown(text, i, out);
      }
    }
    return i + 1;
  }

  private static int hexadecimal(
      String text, int from, int digits, String form, StringBuilder out) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit =
          i < text.length() && text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw new IllegalArgumentException("truncated " + form + " escape");
      }
      value = value << 4 | digit;
    }
    if (!Character.isValidCodePoint(value)) {
      throw new IllegalArgumentException("illegal Unicode character");
    }
    out.appendCodePoint(value);
    return from + digits;
  }

  private static int octal(String text, int from, StringBuilder out) {
    int value = 0;
    int i = from;
    while (i < text.length() && i < from + 3 && text.charAt(i) >= '0' && text.charAt(i) <= '7') {
      value = value << 3 | (text.charAt(i) - '0');
      i++;
    }
    out.append((char) value);
    return i;
  }

  private static int named(String text, int from, StringBuilder out) {
    int end = text.indexOf('}', from);
    if (from >= text.length() || text.charAt(from) != '{' || end < 0) {
      throw new IllegalArgumentException("malformed \\N character escape");
    }
    try {
      out.appendCodePoint(Character.codePointOf(text.substring(from + 1, end)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("unknown Unicode character name", e);
    }
    return end + 1;
  }

  /**
   * An escape that Python does not know keeps its backslash. Jinja turns what is not ASCII into
   * escapes before it resolves them, so a backslash before such a character escapes that escape.
   */
  private static int unknown(String text, int i, StringBuilder out) {
    int c = text.codePointAt(i);
    out.append('\\');
    if (c < 128) {
      out.append((char) c);
    } else if (c < 256) {
      out.append(String.format(Locale.ROOT, "x%02x", c));
    } else if (c < 0x10000) {
      out.append(String.format(Locale.ROOT, "u%04x", c));
    } else {
      out.append(String.format(Locale.ROOT, "U%08x", c));
    }
    return i + Character.charCount(c);
  }
}
