package io.nightshift.job.draft;

import io.nightshift.job.options.InvalidJobException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The template that prints a row: its texts, or all of it as JSON if it has none. */
final class PromptDraft {
  private static final int SHOWN = 10;

  private final SampledInput input;

  PromptDraft(SampledInput input) {
    this.input = input;
  }

  /**
   * The template's lines, at least one.
   *
   * @throws InvalidJobException if nothing of the input can be printed, with the reasons
   */
  List<String> lines() {
    List<SampledText> texts = texts();
    List<String> lines = texts.isEmpty() ? jsonLines() : textLines(texts);
    if (lines.isEmpty()) {
      throw nothingToPrint();
    }
    return lines;
  }

  private static List<String> textLines(List<SampledText> texts) {
    List<String> lines = new ArrayList<>();
    for (SampledText text : texts) {
      String expression =
          text.hasNulls()
              ? ColumnExpression.orEmpty(text.path())
              : ColumnExpression.of(text.path());
      lines.add(line(text.path(), "{{ " + expression + " }}", texts.size() > 1));
    }
    return lines;
  }

  private List<String> jsonLines() {
    return printable()
        .filter(column -> !column.hasBytes())
        .map(column -> List.of(column.name()))
        .map(path -> line(path, "{{ " + ColumnExpression.of(path) + " | tojson }}", true))
        .toList();
  }

  private static String line(List<String> path, String value, boolean labelled) {
    String label = path.get(path.size() - 1);
    return labelled && YamlText.isLabel(label) ? label + ": " + value : value;
  }

  /** The texts that are language; if there is none, all texts. */
  private List<SampledText> texts() {
    List<SampledText> texts = printable().flatMap(column -> column.texts().stream()).toList();
    List<SampledText> prose = texts.stream().filter(SampledText::isProse).toList();
    return prose.isEmpty() ? texts : prose;
  }

  private Stream<SampledColumn> printable() {
    return input.columns().stream().filter(column -> !input.isHidden(column.name()));
  }

  private InvalidJobException nothingToPrint() {
    List<String> reasons = new ArrayList<>();
    for (SampledColumn column : input.columns()) {
      reasons.add(
          input.isHidden(column.name())
              ? "column " + column.name() + ": " + SampledInput.HIDDEN
              : "column " + column.name() + " is " + column.type() + ", which has no text");
    }
    input.unreadable().forEach(column -> reasons.add(column.cause()));
    return reasons.isEmpty()
        ? new InvalidJobException(
            input.path() + " has no columns, so that a prompt has nothing to print")
        : new InvalidJobException(
            input.path() + " has no column that a prompt can print; name files that have one",
            reasons.stream().limit(SHOWN).toList(),
            reasons.size());
  }
}
