package io.nightshift.job.sql.types;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A column's comment, and the values that it ends in: {@code queue of the ticket, one of: billing,
 * outage, other}.
 *
 * @param comment what is before the values; null if there is nothing
 * @param choices the values; empty without any
 */
record CommentedChoices(@Nullable String comment, List<String> choices) {
  private static final String MARK = "one of:";

  /**
   * The parts of a comment.
   *
   * @param comment null without one
   */
  static CommentedChoices in(@Nullable String comment) {
    if (comment == null || comment.isBlank()) {
      return new CommentedChoices(null, List.of());
    }
    int mark = comment.toLowerCase(Locale.ROOT).lastIndexOf(MARK);
    if (mark < 0 || (mark > 0 && Character.isLetterOrDigit(comment.charAt(mark - 1)))) {
      return new CommentedChoices(comment.strip(), List.of());
    }
    String before = comment.substring(0, mark).replaceFirst("[\\s,;:(-]+$", "").strip();
    List<String> choices =
        Arrays.stream(comment.substring(mark + MARK.length()).split(","))
            .map(String::strip)
            .toList();
    return new CommentedChoices(before.isEmpty() ? null : before, choices);
  }
}
