package io.nightshift.runtime.constraint.matcher;

/** JSON strings as {@link io.nightshift.runtime.constraint.grammar.ValueRule} writes them. */
final class JsonStrings {
  static final String SHORT_ESCAPES = "\"\\\b\f\n\r\t";
  static final String SHORT_ESCAPE_LETTERS = "\"\\bfnrt";
  static final int FIRST_UNESCAPED_CONTROL = 0x20;

  private JsonStrings() {}

  /** Number of bytes of a character. */
  static int bytes(int character) {
    if (SHORT_ESCAPES.indexOf(character) >= 0) {
      return 2;
    }
    if (character < FIRST_UNESCAPED_CONTROL) {
      return "\\u0000".length();
    }
    return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  }

  /** The text of a string, with quotation marks. */
  static String quote(String content) {
    StringBuilder text = new StringBuilder(content.length() + 2).append('"');
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      int escape = SHORT_ESCAPES.indexOf(c);
      if (escape >= 0) {
        text.append('\\').append(SHORT_ESCAPE_LETTERS.charAt(escape));
      } else if (c < FIRST_UNESCAPED_CONTROL) {
        text.append("\\u00").append(Character.forDigit(c >> 4, 16));
        text.append(Character.forDigit(c & 0xF, 16));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
