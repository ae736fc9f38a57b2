package io.nightshift.job.sql;

import io.nightshift.operators.infer.Answer;
import java.io.Serializable;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The value of an output column. */
@FunctionalInterface
interface AnswerValue extends Serializable {

  /**
   * The value in Flink's internal format; null if the answer has none.
   *
   * @param tokenTexts the text of a token by the id
   */
  @Nullable Object of(Answer answer, IntFunction<String> tokenTexts);
}
