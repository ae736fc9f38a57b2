package io.nightshift.job.progress;

import java.util.Locale;

/** The lines of reports: one fact in each, with the names in a column. */
public final class FactText {
  private static final int NAME_WIDTH = 12;

  private FactText() {}

  /**
   * A line, with its end. Of a fact of several lines, only the first one has a name. Names and
   * values may have texts of rows: what is hidden in them is shown ({@link VisibleText}).
   */
  public static String line(String name, String value) {
    String visible = VisibleText.of(name);
    String separator = visible.length() < NAME_WIDTH ? "" : "  ";
    return String.format(
        Locale.ROOT, "  %-" + NAME_WIDTH + "s%s%s\n", visible, separator, VisibleText.of(value));
  }
}
