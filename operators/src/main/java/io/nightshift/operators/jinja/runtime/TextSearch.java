package io.nightshift.operators.jinja.runtime;

/**
 * Finds a text in another one, in time proportional to their lengths. {@link String#indexOf} is
 * faster on common texts, but on others takes the product of the lengths, which is years for texts
 * that a template can build; it serves for short needles.
 */
public final class TextSearch {
  private static final int LONG_NEEDLE = 64;

  private final String needle;
  private final boolean fromRight;

  /** Length of the longest proper prefix of the needle that also ends at this index of it. */
  private final int[] borders;

  private TextSearch(String needle, boolean fromRight) {
    this.needle = needle;
    this.fromRight = fromRight;
    this.borders = needle.length() < LONG_NEEDLE ? new int[0] : borders();
  }

  public static TextSearch forward(String needle) {
    return new TextSearch(needle, false);
  }

  public static TextSearch backward(String needle) {
    return new TextSearch(needle, true);
  }

  /** Whether {@code text} has the needle anywhere. */
  static boolean contains(String text, String needle) {
    return forward(needle).in(text, 0) >= 0;
  }

  /** Index of the first occurrence that starts at {@code from} or later, or -1. */
  public int in(String text, int from) {
    if (fromRight) {
      throw new IllegalStateException("this search goes backward");
    }
    return borders.length == 0 ? text.indexOf(needle, from) : find(text, from);
  }

  /** Index of the last occurrence that ends at {@code end} or before it, or -1. */
  public int before(String text, int end) {
    if (!fromRight) {
      throw new IllegalStateException("this search goes forward");
    }
    if (borders.length == 0) {
      return end < needle.length() ? -1 : text.lastIndexOf(needle, end - needle.length());
    }
    int found = find(text, text.length() - end);
    return found < 0 ? -1 : text.length() - found - needle.length();
  }

  /** Knuth, Morris and Pratt's search; positions count from the side where the search begins. */
  private int find(String text, int from) {
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      while (matched > 0 && at(text, i) != at(needle, matched)) {
        matched = borders[matched - 1];
      }
      if (at(text, i) == at(needle, matched)) {
        matched++;
      }
      if (matched == needle.length()) {
        return i + 1 - matched;
      }
    }
    return -1;
  }

  private int[] borders() {
    int[] all = new int[needle.length()];
    int length = 0;
    for (int i = 1; i < all.length; i++) {
      while (length > 0 && at(needle, i) != at(needle, length)) {
        length = all[length - 1];
      }
      if (at(needle, i) == at(needle, length)) {
        length++;
      }
      all[i] = length;
    }
    return all;
  }

  private char at(String text, int position) {
    return text.charAt(fromRight ? text.length() - 1 - position : position);
  }
}
