package io.nightshift.operators.render;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what is surely a mistake in a job's templates, and says how to mend it. */
final class PromptChecks {
  private static final Pattern IDENTIFIER =
      Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern SINGLE_BRACES =
      Pattern.compile("\\{\\s*([^{}%#\\s][^{}\\n]*?)\\s*}");
  private static final int MAX_QUOTED = 200;

  private PromptChecks() {}

  /**
   * @param templates sources by the options' keys
   * @param read columns that the templates read
   * @param available columns that the rows have
   * @throws IllegalArgumentException if no column is read, or one that the rows do not have is
   *     written like a column with a name that needs brackets
   */
  static void check(Map<String, String> templates, Set<String> read, Collection<String> available) {
    if (read.isEmpty()) {
      throw new IllegalArgumentException(
          "the prompt reads no column, so it would be the same for every row: "
              + quoted(templates)
              + singleBraces(templates)
              + "; in YAML, # behind a blank begins a comment unless the text is in quotes; where"
              + " every row shall have this prompt, say so with {% set any = some_column %}");
    }
    for (String column : read) {
      if (!available.contains(column)) {
        hint(templates, available)
            .ifPresent(
                remedy -> {
                  throw new IllegalArgumentException(
                      "the prompt reads a column \""
                          + column
                          + "\", which the input does not have; "
                          + remedy);
                });
      }
    }
  }

  /** How to write a column that a template seems to mean but cannot name by itself. */
  static Optional<String> hint(Map<String, String> templates, Collection<String> available) {
    return available.stream()
        .filter(column -> !IDENTIFIER.matcher(column).matches())
        .filter(column -> templates.values().stream().anyMatch(text -> text.contains(column)))
        .findFirst()
        .map(column -> "for the column \"%s\", write {{ row[\"%s\"] }}".formatted(column, column));
  }

  private static String quoted(Map<String, String> templates) {
    StringBuilder all = new StringBuilder();
    templates.forEach(
        (key, text) -> {
          String start = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text;
          all.append(all.isEmpty() ? "" : ", ").append(key).append(" is \"" + start + "\"");
        });
    return all.toString();
  }

  private static String singleBraces(Map<String, String> templates) {
    for (String text : templates.values()) {
      Matcher braces = SINGLE_BRACES.matcher(text);
      if (braces.find()) {
        return "; "
            + braces.group()
            + " is plain text, a column is written {{ "
            + braces.group(1)
            + " }}";
      }
    }
    return "";
  }
}
