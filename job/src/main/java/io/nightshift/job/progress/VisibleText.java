package io.nightshift.job.progress;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Texts of rows, labels and files as a terminal can show them. Characters that nobody sees, that
 * reorder their neighbors or that a terminal obeys are shown by their code points, as on the page
 * of a report.
 */
public final class VisibleText {
  private static final int TEXT_CHARACTERS = 80;
  private static final int LABEL_CHARACTERS = 40;
  private static final int LABEL_END = 12;

  /**
   * Control and format characters, line and paragraph separators, halves of surrogate pairs. The
   * joiners of emoji and of some scripts are part of ordinary text.
   */
  private static final Pattern HIDDEN =
      Pattern.compile("(?![\\u200c\\u200d])[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

  private VisibleText() {}

  /** The whole text in one line: {@code <U+001B>[31mred}, {@code first↵second}. */
  public static String of(String text) {
    return HIDDEN.matcher(text).replaceAll(VisibleText::shown);
  }

  private static String shown(MatchResult character) {
    int codePoint = character.group().codePointAt(0);
    return switch (codePoint) {
      case '\n' -> "↵";
      case '\t' -> "⇥";
      default -> String.format(Locale.ROOT, "<U+%04X>", codePoint);
    };
  }

  /** The beginning of a text. */
  public static String beginning(String text) {
    String visible = of(text);
    return characters(visible) <= TEXT_CHARACTERS
        ? visible
        : visible.substring(0, visible.offsetByCodePoints(0, TEXT_CHARACTERS)) + "…";
  }

  /** A label. Of a long one, the beginning and the end, in which labels differ most often. */
  public static String label(String label) {
    String visible = of(label);
    if (characters(visible) <= LABEL_CHARACTERS) {
      return visible;
    }
    int head = visible.offsetByCodePoints(0, LABEL_CHARACTERS - LABEL_END - 1);
    int tail = visible.offsetByCodePoints(visible.length(), -LABEL_END);
    return visible.substring(0, head) + "…" + visible.substring(tail);
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }
}
