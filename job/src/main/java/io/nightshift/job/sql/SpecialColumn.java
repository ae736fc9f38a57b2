package io.nightshift.job.sql;

import io.nightshift.job.options.AnswerOptions;
import io.nightshift.operators.infer.AnswerSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * Output columns that hold a part of an answer by their name: those of the Parquet output, with
 * types of SQL.
 */
enum SpecialColumn {
  COMPLETION(AnswerSchema.COMPLETION, DataTypes.STRING()),
  FINISH_REASON(AnswerSchema.FINISH_REASON, DataTypes.STRING()),
  EMBEDDING(
      AnswerSchema.EMBEDDING, DataTypes.ARRAY(DataTypes.FLOAT()), AnswerOptions.EMBEDDING_POOLING),
  CHOICE_PROBABILITIES(AnswerSchema.CHOICE_PROBABILITIES, probabilities(), AnswerOptions.CHOICES),
  FIELD_PROBABILITIES(AnswerSchema.FIELD_PROBABILITIES, probabilities(), AnswerOptions.JSON_SCHEMA),
  REASONING(AnswerSchema.REASONING, DataTypes.STRING(), AnswerOptions.REASONING),
  LOGPROBS(AnswerSchema.LOGPROBS, logprobs(), AnswerOptions.LOGPROBS),
  PROMPT_TOKENS(AnswerSchema.PROMPT_TOKENS, DataTypes.INT()),
  CACHED_TOKENS(AnswerSchema.CACHED_TOKENS, DataTypes.INT()),
  OUTPUT_TOKENS(AnswerSchema.OUTPUT_TOKENS, DataTypes.INT()),
  ERROR_CODE(AnswerSchema.ERROR_CODE, DataTypes.STRING()),
  ERROR_MESSAGE(AnswerSchema.ERROR_MESSAGE, DataTypes.STRING());

  private final String column;
  private final LogicalType type;
  private final Optional<ConfigOption<?>> needed;

  SpecialColumn(String column, DataType type) {
    this.column = column;
    this.type = type.getLogicalType();
    this.needed = Optional.empty();
  }

  SpecialColumn(String column, DataType type, ConfigOption<?> needed) {
    this.column = column;
    this.type = type.getLogicalType();
    this.needed = Optional.of(needed);
  }

  /** The special column of a name, if it is one. */
  static Optional<SpecialColumn> find(String name) {
    return Arrays.stream(values()).filter(special -> special.column.equals(name)).findFirst();
  }

  String column() {
    return column;
  }

  /** The type that the column has to have. */
  LogicalType type() {
    return type;
  }

  /** The option without which no answer has such a part. */
  Optional<ConfigOption<?>> needed() {
    return needed;
  }

  /**
   * The value of the column.
   *
   * @param choices of the model; empty without choices
   */
  AnswerValue value(List<String> choices) {
    return switch (this) {
      case COMPLETION -> (answer, texts) -> AnswerValues.text(answer.completion());
      case FINISH_REASON ->
          (answer, texts) -> AnswerValues.text(answer.finishReason().columnValue());
      case EMBEDDING -> (answer, texts) -> AnswerValues.embedding(answer);
      case CHOICE_PROBABILITIES -> (answer, texts) -> AnswerValues.probabilities(answer, choices);
      case FIELD_PROBABILITIES -> (answer, texts) -> AnswerValues.fieldProbabilities(answer);
      case REASONING -> (answer, texts) -> AnswerValues.text(answer.reasoning());
      case LOGPROBS -> AnswerValues::logprobs;
      case PROMPT_TOKENS -> (answer, texts) -> answer.promptTokens();
      case CACHED_TOKENS -> (answer, texts) -> answer.cachedTokens();
      case OUTPUT_TOKENS -> (answer, texts) -> answer.outputTokens();
      case ERROR_CODE -> (answer, texts) -> AnswerValues.text(answer.errorCode());
      case ERROR_MESSAGE -> (answer, texts) -> AnswerValues.text(answer.errorMessage());
    };
  }

  private static DataType probabilities() {
    return DataTypes.MAP(DataTypes.STRING(), DataTypes.DOUBLE());
  }

  private static DataType logprobs() {
    DataType top =
        DataTypes.ROW(
            DataTypes.FIELD("token", DataTypes.STRING()),
            DataTypes.FIELD("token_id", DataTypes.INT()),
            DataTypes.FIELD("logprob", DataTypes.FLOAT()));
    return DataTypes.ARRAY(
        DataTypes.ROW(
            DataTypes.FIELD("token", DataTypes.STRING()),
            DataTypes.FIELD("token_id", DataTypes.INT()),
            DataTypes.FIELD("logprob", DataTypes.FLOAT()),
            DataTypes.FIELD("top", DataTypes.ARRAY(top))));
  }
}
