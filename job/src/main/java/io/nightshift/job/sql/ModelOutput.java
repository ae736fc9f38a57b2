package io.nightshift.job.sql;

import io.nightshift.connectors.input.NearestName;
import io.nightshift.job.options.AnswerOptions;
import io.nightshift.job.sql.types.AnswerColumn;
import io.nightshift.job.sql.types.AnswerRowSchema;
import io.nightshift.operators.predict.AnswerRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/**
 * The output columns of a model, which decide what an answer is.
 *
 * <p>A {@link SpecialColumn} has its part of the answer. Of the other columns, one that is a text
 * is the whole answer: what is generated, or the label that is chosen. Any others are the fields of
 * answers in JSON, whose schema their types give. A column {@code X_probability} has the
 * probability of the column {@code X}.
 */
final class ModelOutput {
  private static final LogicalType STRING = DataTypes.STRING().getLogicalType();
  private static final LogicalType DOUBLE = DataTypes.DOUBLE().getLogicalType();
  private static final LogicalType VECTOR = DataTypes.ARRAY(DataTypes.FLOAT()).getLogicalType();
  private static final String PROBABILITY = "_probability";

  private final WithOptions options;
  private final List<Column> columns;
  private final Map<String, Column> answerColumns = new LinkedHashMap<>();
  private final Map<String, AnswerColumn> fields = new LinkedHashMap<>();

  /**
   * @param columns of the model's {@code OUTPUT}
   * @throws io.nightshift.job.options.InvalidJobException naming a column that does not fit
   * @throws org.apache.flink.table.api.ValidationException naming a column whose type no JSON
   *     schema can express
   */
  ModelOutput(WithOptions options, List<Column> columns) {
    this.options = options;
    this.columns = List.copyOf(columns);
    for (Column column : columns) {
      requireNullable(column);
      Optional<SpecialColumn> special = SpecialColumn.find(column.getName());
      if (special.isPresent()) {
        requireSpecial(column, special.get());
      } else if (probabilityOf(column).isEmpty()) {
        answerColumns.put(column.getName(), column);
      }
    }
    if (isJson()) {
      answerColumns.values().forEach(column -> fields.put(column.getName(), field(column)));
    }
    requireColumnsOfOptions();
    requireAnswer();
    columns.forEach(this::requireProbability);
  }

  /** The options of the job file that the columns give: a schema if answers are JSON. */
  Map<String, String> jobOptions() {
    if (fields.isEmpty()) {
      return Map.of();
    }
    boolean probabilities =
        columns.stream()
            .anyMatch(
                column ->
                    probabilityOf(column).isPresent()
                        || column.getName().equals(SpecialColumn.FIELD_PROBABILITIES.column()));
    Map<String, String> given = new LinkedHashMap<>();
    given.put(AnswerOptions.JSON_SCHEMA.key(), AnswerRowSchema.of(List.copyOf(fields.values())));
    given.put(AnswerOptions.FIELD_PROBABILITIES.key(), String.valueOf(probabilities));
    return given;
  }

  /**
   * Makes output rows of answers.
   *
   * @param choices of the model; empty without choices
   */
  AnswerRow row(List<String> choices) {
    List<AnswerValue> values = new ArrayList<>();
    for (Column column : columns) {
      values.add(value(column, List.copyOf(choices)));
    }
    List<String> names = columns.stream().map(Column::getName).toList();
    int[] positions = fields.keySet().stream().mapToInt(names::indexOf).toArray();
    return new ColumnsRow(values, List.copyOf(fields.values()), positions);
  }

  private AnswerValue value(Column column, List<String> choices) {
    Optional<SpecialColumn> special = SpecialColumn.find(column.getName());
    if (special.isPresent()) {
      return special.get().value(choices);
    }
    Optional<String> base = probabilityOf(column);
    if (base.isPresent()) {
      String pointer = "/" + base.get().replace("~", "~0").replace("/", "~1");
      return fields.isEmpty()
          ? (answer, texts) -> AnswerValues.probability(answer, choices)
          : (answer, texts) -> answer.fieldProbabilities().get(pointer);
    }
    if (options.has(AnswerOptions.EMBEDDING_POOLING.key())) {
      return SpecialColumn.EMBEDDING.value(choices);
    }
    return fields.isEmpty() ? SpecialColumn.COMPLETION.value(choices) : (answer, texts) -> null;
  }

  /** Whether the answer columns are fields of JSON. */
  private boolean isJson() {
    if (hasWholeAnswers() || answerColumns.isEmpty()) {
      return false;
    }
    Column first = answerColumns.values().iterator().next();
    return answerColumns.size() > 1
        || !type(first).equals(STRING)
        || !field(first).choices().isEmpty();
  }

  /** Whether the options say what an answer is. */
  private boolean hasWholeAnswers() {
    return wholeAnswer().isPresent();
  }

  private Optional<String> wholeAnswer() {
    return List.of(
            AnswerOptions.CHOICES.key(),
            AnswerOptions.REGEX.key(),
            AnswerOptions.JSON_SCHEMA.key(),
            AnswerOptions.EMBEDDING_POOLING.key())
        .stream()
        .filter(options::has)
        .findFirst();
  }

  private AnswerColumn field(Column column) {
    AnswerColumn field =
        AnswerColumn.of(column.getName(), type(column), column.getComment().orElse(null));
    List<String> choices = options.choices().get(column.getName());
    if (choices != null) {
      field = field.withChoices(choices);
    }
    return options.notNull().contains(column.getName()) ? field.withValueRequired() : field;
  }

  private void requireNullable(Column column) {
    if (!column.getDataType().getLogicalType().isNullable()) {
      throw error(
          column,
          "is NOT NULL, but has no value in a row with an error: leave NOT NULL out, or name it in"
              + " 'answer.not-null' to have a value in every answer");
    }
  }

  private void requireSpecial(Column column, SpecialColumn special) {
    requireType(column, special.type());
    boolean given =
        switch (special) {
          case REASONING -> hasReasoningColumn();
          case FIELD_PROBABILITIES -> true; // known when the fields are
          default -> special.needed().map(option -> options.has(option.key())).orElse(true);
        };
    if (!given) {
      throw error(
          column,
          "is empty without the option %s: give it, or rename the column if it is to be a field of the answer"
              .formatted(special.needed().orElseThrow().key()));
    }
  }

  private boolean hasReasoningColumn() {
    return "column".equalsIgnoreCase(options.job().get(AnswerOptions.REASONING.key()));
  }

  private void requireType(Column column, LogicalType expected) {
    if (!type(column).equals(expected)) {
      throw error(
          column,
          "is %s, but must be %s: write %s %s"
              .formatted(
                  type(column).asSummaryString(),
                  expected.asSummaryString(),
                  column.getName(),
                  expected.asSummaryString()));
    }
  }

  /** Checks that nothing is said of columns that are none, or that would not be seen. */
  private void requireColumnsOfOptions() {
    List<String> named = new ArrayList<>(options.notNull());
    named.addAll(options.choices().keySet());
    for (String name : named) {
      if (!fields.containsKey(name)) {
        throw options.error(
            "answer.not-null and answer.one-of name %s, which is no output column that is a field of the answer's JSON; it has %s"
                .formatted(name, fields.isEmpty() ? "none" : String.join(", ", fields.keySet())));
      }
    }
    requireColumn(SpecialColumn.LOGPROBS, AnswerOptions.LOGPROBS.key());
    if (hasReasoningColumn()) {
      requireColumn(SpecialColumn.REASONING, AnswerOptions.REASONING.key());
    }
    if (!fields.isEmpty() && options.has(AnswerOptions.FIELD_PROBABILITIES.key())) {
      throw options.error(
          "%s has no effect, since output columns say what probabilities there are (field_probabilities, X_probability): remove it"
              .formatted(AnswerOptions.FIELD_PROBABILITIES.key()));
    }
  }

  private void requireColumn(SpecialColumn special, String option) {
    if (options.has(option) && columns.stream().noneMatch(is(special))) {
      throw options.error(
          "%s has no effect without an output column %s %s: add it, or remove the option"
              .formatted(option, special.column(), special.type().asSummaryString()));
    }
  }

  private static Predicate<Column> is(SpecialColumn special) {
    return column -> column.getName().equals(special.column());
  }

  /** Checks that there is a column for the answer, and that its type is that of answers. */
  private void requireAnswer() {
    if (!fields.isEmpty()) {
      return;
    }
    if (!options.has(AnswerOptions.JSON_SCHEMA.key())
        && columns.stream().anyMatch(is(SpecialColumn.FIELD_PROBABILITIES))) {
      throw options.error(
          "the output column field_probabilities is empty, since answers have no fields: remove it");
    }
    boolean embeds = options.has(AnswerOptions.EMBEDDING_POOLING.key());
    SpecialColumn whole = embeds ? SpecialColumn.EMBEDDING : SpecialColumn.COMPLETION;
    if (answerColumns.size() > 1) {
      throw options.error(
          "the output columns %s are several, but %s makes one answer: leave one of them, or remove the option, so that their types say what an answer is%s"
              .formatted(
                  String.join(", ", answerColumns.keySet()),
                  wholeAnswer().orElseThrow(),
                  misspelled().map(name -> "; did you mean " + name + "?").orElse("")));
    }
    answerColumns.values().forEach(column -> requireType(column, embeds ? VECTOR : STRING));
    if (answerColumns.isEmpty()
        && columns.stream().noneMatch(is(whole).or(is(SpecialColumn.CHOICE_PROBABILITIES)))) {
      throw options.error(
          "OUTPUT has no column for the answer: add %s %s"
              .formatted(whole.column(), whole.type().asSummaryString()));
    }
  }

  /** A part of the answer that an answer column has nearly the name of. */
  private Optional<String> misspelled() {
    List<String> parts = new ArrayList<>();
    Arrays.stream(SpecialColumn.values()).map(SpecialColumn::column).forEach(parts::add);
    answerColumns.keySet().forEach(name -> parts.add(name + PROBABILITY));
    return answerColumns.keySet().stream()
        .flatMap(name -> NearestName.of(name, parts).stream())
        .findFirst();
  }

  private void requireProbability(Column column) {
    Optional<String> base = probabilityOf(column);
    if (base.isEmpty()) {
      return;
    }
    requireType(column, DOUBLE);
    AnswerColumn field = fields.get(base.get());
    boolean known =
        field == null
            ? options.has(AnswerOptions.CHOICES.key())
            : field.type().is(LogicalTypeRoot.BOOLEAN)
                || (!field.choices().isEmpty() && !field.type().is(LogicalTypeRoot.ARRAY));
    if (!known) {
      throw error(
          column,
          "is the probability of %s, which only choices have (answer.choices), BOOLEAN columns, and columns whose values are listed: list them, or rename the column"
              .formatted(base.get()));
    }
  }

  /** The output column whose probability a column has, by its name. */
  private Optional<String> probabilityOf(Column column) {
    String name = column.getName();
    if (!name.endsWith(PROBABILITY)) {
      return Optional.empty();
    }
    String base = name.substring(0, name.length() - PROBABILITY.length());
    return columns.stream().map(Column::getName).filter(base::equals).findFirst();
  }

  private static LogicalType type(Column column) {
    return column.getDataType().getLogicalType();
  }

  private RuntimeException error(Column column, String problem) {
    return options.error("the output column %s %s".formatted(column.getName(), problem));
  }
}
