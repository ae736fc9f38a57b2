package io.nightshift.operators.predict;

import io.nightshift.operators.infer.Answer;
import java.io.Serializable;
import java.util.function.IntFunction;
import org.apache.flink.table.data.RowData;

/** Makes the output columns of a row from its answer. */
@FunctionalInterface
public interface AnswerRow extends Serializable {

  /**
   * The columns of an answer. One with an error gives a row as well, with the error in it. Called
   * by any thread.
   *
   * @param tokenTexts the text of a token of the model's vocabulary by the id
   */
  RowData of(Answer answer, IntFunction<String> tokenTexts);
}
