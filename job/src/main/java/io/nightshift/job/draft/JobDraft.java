package io.nightshift.job.draft;

import io.nightshift.job.options.InputFormat;
import io.nightshift.operators.infer.AnswerSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A job file to be completed: it reads the texts of an input and keeps its short columns. The
 * labels are left empty, so that a job is refused until somebody has written them.
 */
public final class JobDraft {
  /** Words that YAML may read as something else than text are not among the plain ones. */
  private static final Pattern PLAIN =
      Pattern.compile("(?!(?i:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_]*");

  private static final Pattern PLAIN_PATH =
      Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./*=@+-]*(://[A-Za-z0-9_./*=@+-]+)?");
  private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{N}_. -]+");

  /** Mean length up to which a text is kept beside its answer, in characters. */
  private static final int SHORT_TEXT = 60;

  private static final Set<String> OF_ANSWERS =
      Set.of(
          AnswerSchema.COMPLETION,
          AnswerSchema.FINISH_REASON,
          AnswerSchema.EMBEDDING,
          AnswerSchema.ANSWER,
          AnswerSchema.FIELD_PROBABILITIES,
          AnswerSchema.CHOICE_PROBABILITIES,
          AnswerSchema.REASONING,
          AnswerSchema.LOGPROBS,
          AnswerSchema.PROMPT_TOKENS,
          AnswerSchema.CACHED_TOKENS,
          AnswerSchema.OUTPUT_TOKENS,
          AnswerSchema.ERROR_CODE,
          AnswerSchema.ERROR_MESSAGE,
          AnswerSchema.SOURCE_FILE,
          AnswerSchema.SOURCE_ROW);

  private final SampledInput input;
  private final String file;

  /**
   * @param file the job file's name, for the commands in its comments
   */
  public JobDraft(SampledInput input, String file) {
    this.input = input;
    this.file = file;
  }

  /** The job file. */
  public String text() {
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
          choices: []            # CHANGE: two labels or more, for instance [billing, outage, other]
          # max-tokens: 200      # or, instead of choices, free text of this length at most

        output:
          path: answers/         # CHANGE: a folder for the answers, one row for each row of the input
          # Columns to keep beside the answer; without this line, all.
          columns: [%s]
        """
        .formatted(
            String.format(Locale.ROOT, "%,d rows", input.rows()),
            file,
            file,
            plainOrQuoted(PLAIN_PATH, input.path()),
            input.format() == InputFormat.JSONL ? "\n  format: jsonl" : "",
            columns(),
            prompt(),
            kept());
  }

  private String columns() {
    StringBuilder lines = new StringBuilder();
    for (SampledColumn column : input.columns()) {
      line(lines, plainOrQuoted(LABEL, column.name()), column.type() + length(column));
    }
    for (String column : input.unreadable()) {
      line(lines, plainOrQuoted(LABEL, column), "cannot be read, nor kept");
    }
    return lines.toString();
  }

  private static void line(StringBuilder lines, String name, String description) {
    lines.append(String.format(Locale.ROOT, "#   %-20s %s%n", name, description));
  }

  private static String length(SampledColumn column) {
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

  private String prompt() {
    List<String> lines = new ArrayList<>();
    List<SampledText> texts = promptTexts();
    for (SampledText text : texts) {
      String expression =
          text.hasNulls()
              ? ColumnExpression.orEmpty(text.path())
              : ColumnExpression.of(text.path());
      lines.add(line(text.path(), "{{ " + expression + " }}", texts.size() > 1));
    }
    if (texts.isEmpty()) {
      input.columns().stream()
          .filter(column -> !column.isBinary())
          .map(column -> List.of(column.name()))
          .map(path -> line(path, "{{ " + ColumnExpression.of(path) + " | tojson }}", true))
          .forEach(lines::add);
    }
    return lines.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
  }

  private static String line(List<String> path, String value, boolean labelled) {
    String label = path.get(path.size() - 1);
    return labelled && LABEL.matcher(label).matches() ? label + ": " + value : value;
  }

  /** The texts that are language; if there is none, all texts. */
  private List<SampledText> promptTexts() {
    List<SampledText> texts =
        input.columns().stream().flatMap(column -> column.texts().stream()).toList();
    List<SampledText> prose = texts.stream().filter(SampledText::isProse).toList();
    return prose.isEmpty() ? texts : prose;
  }

  private String kept() {
    return input.columns().stream()
        .filter(
            column ->
                !column.isNested() && !column.isBinary() && !OF_ANSWERS.contains(column.name()))
        .filter(column -> column.texts().stream().allMatch(JobDraft::isShort))
        .map(column -> plainOrQuoted(PLAIN, column.name()))
        .collect(Collectors.joining(", "));
  }

  private static boolean isShort(SampledText text) {
    return text.meanCharacters() <= SHORT_TEXT;
  }

  private static String plainOrQuoted(Pattern plain, String text) {
    return plain.matcher(text).matches() ? text : ColumnExpression.quoted(text);
  }
}
