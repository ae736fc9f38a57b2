package io.nightshift.job.draft;

import java.util.regex.Pattern;

/** Names and paths as a job file writes them: as they are if YAML reads them as text. */
final class YamlText {
  /** Words that YAML may read as something else than text are not among the plain ones. */
  private static final Pattern NAME =
      Pattern.compile("(?!(?i:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_]*");

  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./*=@+-]*(://[A-Za-z0-9_./*=@+-]+)?");

  /** What stays on its line, in a comment or in a text of several lines. */
  private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{N}_. -]+");

  private YamlText() {}

  static String name(String name) {
    return plainOrQuoted(NAME, name);
  }

  static String path(String path) {
    return plainOrQuoted(PATH, path);
  }

  /** A name within a comment. */
  static String commentName(String name) {
    return plainOrQuoted(LABEL, name);
  }

  /** A text within a comment, which ends with its line. */
  static String comment(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
  }

  static boolean isLabel(String name) {
    return LABEL.matcher(name).matches();
  }

  private static String plainOrQuoted(Pattern plain, String text) {
    return plain.matcher(text).matches() ? text : ColumnExpression.quoted(text);
  }
}
