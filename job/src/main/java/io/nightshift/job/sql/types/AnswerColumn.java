package io.nightshift.job.sql.types;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * An output column of a SQL model that is a property of the answer.
 *
 * @param name of the column
 * @param type of the column, nullable: a row with an error has no value in it
 * @param comment what the column holds, which the schema says to the model; null without one
 * @param choices the only values of the column, or of the items of an array; empty for all values
 *     of the type
 * @param required whether answers always have a value for the column; otherwise they may say null
 */
public record AnswerColumn(
    String name, LogicalType type, @Nullable String comment, List<String> choices, boolean required)
    implements Serializable {

  public AnswerColumn {
    choices = List.copyOf(choices);
    if (!type.isNullable()) {
      throw new ValidationException(
          ("the output column %s is NOT NULL, but has no value in a row with an error: leave NOT"
                  + " NULL out, and name the column in 'answer.not-null' to have a value in every"
                  + " answer")
              .formatted(name));
    }
  }

  /**
   * A column as it is declared.
   *
   * @param comment may end in its values, as in {@code queue of the ticket, one of: billing,
   *     outage, other}; null without one
   */
  public static AnswerColumn of(String name, LogicalType type, @Nullable String comment) {
    CommentedChoices choices = CommentedChoices.in(comment);
    return new AnswerColumn(name, type, choices.comment(), choices.choices(), false);
  }

  /** The same column with these values only, instead of those of its comment. */
  public AnswerColumn withChoices(List<String> values) {
    return new AnswerColumn(name, type, comment, values, required);
  }

  /** The same column, which has a value in every answer. */
  public AnswerColumn withValueRequired() {
    return new AnswerColumn(name, type, comment, choices, true);
  }
}
