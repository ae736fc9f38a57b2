package io.nightshift.operators.render;

import java.util.Locale;

/** Why a row has no answer: the values of the output column {@code error_code}. */
public enum RowErrorCode {
  /** The template printed a column that is null in this row. */
  PROMPT_NULL,
  /** The rendered prompt is empty or blank. */
  PROMPT_EMPTY,
  /** The prompt leaves no room for an answer in the model's context or in the KV cache. */
  PROMPT_TOO_LONG,
  /** A string that the template uses is no valid UTF-8. */
  INVALID_UTF8,
  /**
   * A value that the template uses, or one that is kept, is not one of its column's type; a line is
   * no JSON object; a message has no known role.
   */
  INVALID_VALUE,
  /** The template failed on this row. */
  TEMPLATE_ERROR,
  /** In SQL: the row had no answer within the time that the query allows. */
  TIMEOUT;

  /** The value of the output column {@code error_code}. */
  public String columnValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
