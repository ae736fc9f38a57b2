package io.nightshift.operators.jinja.builtins;

import java.util.Locale;

/** Upper and lower case as Python changes and tests them. */
final class LetterCase {
  private LetterCase() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Unicode's case folding, for comparisons without case; the German sharp s becomes ss. */
  static String fold(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      String upper = Character.toString(c).toUpperCase(Locale.ROOT);
      boolean cherokee = upper.charAt(0) >= 0x13a0 && upper.charAt(0) <= 0x13f5;
      if (cherokee) {
        out.append(upper);
      } else if (c == 'ı') {
        out.append('ı');
      } else if (c == 'ẞ') {
        out.append("ss");
      } else {
        // Character by character, so that no sigma counts as the last of its word.
        upper.codePoints().forEach(u -> out.append(Character.toString(u).toLowerCase(Locale.ROOT)));
      }
    }
    return out.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    return titleCase(text.codePointAt(0)) + lower(text.substring(first));
  }

  /** The method {@code str.title}: a word starts after every character without case. */
  static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      out.append(inWord ? lower(Character.toString(c)) : titleCase(c));
      inWord = isCased(c);
    }
    return out.toString();
  }

  private static String titleCase(int c) {
    int title = Character.toTitleCase(c);
    String upper = Character.toString(c).toUpperCase(Locale.ROOT);
    // Characters without a title case of one character, such as the sharp s, change to several.
    if (title == c && !Character.isTitleCase(c) && upper.codePointCount(0, upper.length()) > 1) {
      int first = isCased(upper.codePointAt(0)) ? 1 : 2;
      // An iota that stood below its vowel stays there.
      return upper.substring(0, first) + lower(upper.substring(first).replace('Ι', '\u0345'));
    }
    return Character.toString(title);
  }

  static String swap(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      String one = Character.toString(c);
      out.append(
          Character.isUpperCase(c)
              ? lower(one)
              : Character.isLowerCase(c) ? one.toUpperCase(Locale.ROOT) : one);
    }
    return out.toString();
  }

  static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isTitle(String text) {
    boolean inWord = false;
    boolean found = false;
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      boolean begins = Character.isUpperCase(c) || Character.isTitleCase(c);
      if ((begins && inWord) || (Character.isLowerCase(c) && !inWord)) {
        return false;
      }
      inWord = isCased(c);
      found |= inWord;
    }
    return found;
  }
}
