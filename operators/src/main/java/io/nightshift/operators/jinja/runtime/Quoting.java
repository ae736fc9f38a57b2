package io.nightshift.operators.jinja.runtime;

/** Python's {@code repr} of texts: quotes around them and escapes inside. */
public final class Quoting {
  /** Number of characters of a name that a message quotes. */
  private static final int MAX_NAME = 100;

  private Quoting() {}

  /** Python's {@code repr} of a name, for messages. */
  public static String quote(String name) {
    char quote = quoteFor(name);
    StringBuilder out = new StringBuilder().append(quote);
    name.codePoints().limit(MAX_NAME).forEach(c -> out.append(escaped(c, quote)));
    return out.append(quote).toString();
  }

  /** Appends the {@code repr} of a text. */
  static void append(String text, TextBuilder out) {
    char quote = quoteFor(text);
    out.append(quote);
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (c > '\\' && c < 127) {
        out.append((char) c);
      } else {
        out.append(escaped(c, quote));
      }
    }
    out.append(quote);
  }

  private static char quoteFor(String text) {
    return text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
  }

  private static String escaped(int c, char quote) {
    if (c == quote || c == '\\') {
      return "\\" + (char) c;
    }
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> PythonText.isPrintable(c) ? Character.toString(c) : PythonText.escape(c);
    };
  }
}
