package io.nightshift.job.draft;

import io.nightshift.operators.infer.AnswerSchema;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The columns that a draft keeps beside the answers, and why it leaves others out. */
final class KeptColumns {
  /** Mean size up to which values are kept beside their answer, in characters. */
  private static final int SHORT = 60;

  private final List<SampledColumn> columns;

  KeptColumns(List<SampledColumn> columns) {
    this.columns = columns;
  }

  /** The items of {@code output.columns}. */
  String items() {
    return columns.stream()
        .filter(column -> !isOfAnswers(column) && !column.hasIntervals() && isShort(column))
        .map(column -> YamlText.name(column.name()))
        .collect(Collectors.joining(", "));
  }

  /** A line of a comment for each reason to leave columns out. */
  String comments() {
    return comment("answers have columns of these names", KeptColumns::isOfAnswers)
        + comment("intervals cannot be written", SampledColumn::hasIntervals)
        + comment(
            "they are long, as far as the first rows show",
            column -> !isOfAnswers(column) && !isShort(column));
  }

  private String comment(String reason, Predicate<SampledColumn> isLeftOut) {
    String names =
        columns.stream()
            .filter(isLeftOut)
            .map(column -> YamlText.commentName(column.name()))
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : "  # Left out, because " + reason + ": " + names + "\n";
  }

  private static boolean isOfAnswers(SampledColumn column) {
    String name = column.name().toLowerCase(Locale.ROOT);
    return AnswerSchema.PLAIN_COLUMNS.contains(name) || AnswerSchema.NESTED_COLUMNS.contains(name);
  }

  private static boolean isShort(SampledColumn column) {
    return column.meanSize() <= SHORT;
  }
}
