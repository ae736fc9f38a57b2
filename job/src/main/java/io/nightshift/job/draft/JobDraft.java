package io.nightshift.job.draft;

import io.nightshift.job.options.InputFormat;
import io.nightshift.job.options.InvalidJobException;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A job file to be completed: it reads the texts of an input and keeps its short columns. The
 * labels are left empty, so that a job is refused until somebody has written them.
 */
public final class JobDraft {
  private final SampledInput input;
  private final String file;

  /**
   * @param file the job file's name as a shell takes it, for the commands in its comments
   */
  public JobDraft(SampledInput input, String file) {
    this.input = input;
    this.file = file;
  }

  /**
   * The job file.
   *
   * @throws InvalidJobException if a prompt can print nothing of the input, with the reasons
   */
  public String text() {
    KeptColumns kept = new KeptColumns(input.columns());
    return """
        # A job over %s. Change what says CHANGE, then:
        #   nightshift plan %s      what there is to do
        #   nightshift run %s       do it
        # docs/options.md has every key, docs/prompts.md what templates can do.

        input:
          path: %s%s

        # What templates can read:
        %s
        model:
          path: hf:HuggingFaceTB/SmolLM2-135M-Instruct   # CHANGE: hub name, folder or .gguf file
          device: cpu            # or cuda

        prompt:
          # CHANGE: what to do with every row.
          system: Sort the text into one of the groups.
          user: |-
        %s
        answer:
          # CHANGE: two labels or more, for instance [billing, outage, other].
          choices: []
          # For free text, put this line in the place of choices: the most tokens of an answer.
          # max-tokens: 200

        output:
          path: answers/         # CHANGE: a folder for the answers, one row for each row of the input
          # Columns to keep beside the answer; without this line, all.
        %s  columns: [%s]
        """
        .formatted(
            String.format(Locale.ROOT, "%,d rows", input.rows()),
            file,
            file,
            YamlText.path(input.path()),
            input.format() == InputFormat.JSONL ? "\n  format: jsonl" : "",
            columns(),
            new PromptDraft(input)
                .lines().stream().map(line -> "    " + line + "\n").collect(Collectors.joining()),
            kept.comments(),
            kept.items());
  }

  private String columns() {
    StringBuilder lines = new StringBuilder();
    for (SampledColumn column : input.columns()) {
      String hidden = input.isHidden(column.name()) ? "; " + SampledInput.HIDDEN : lengths(column);
      line(lines, column.name(), column.type() + hidden);
    }
    for (UnreadableColumn column : input.unreadable()) {
      line(lines, column.name(), "cannot be read, nor kept: " + YamlText.comment(column.cause()));
    }
    return lines.toString();
  }

  private static void line(StringBuilder lines, String name, String description) {
    lines.append(
        String.format(Locale.ROOT, "#   %-20s %s%n", YamlText.commentName(name), description));
  }

  private static String lengths(SampledColumn column) {
    return column.texts().stream()
        .map(
            text ->
                String.format(
                    Locale.ROOT,
                    column.isNested()
                        ? "; {{ %s }} has %,d characters on average"
                        : ", %2$,d characters on average",
                    ColumnExpression.of(text.path()),
                    text.meanCharacters()))
        .collect(Collectors.joining());
  }
}
