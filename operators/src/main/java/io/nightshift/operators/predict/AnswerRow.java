package io.nightshift.operators.predict;

import io.nightshift.operators.infer.Answer;
import java.io.Serializable;
import org.apache.flink.table.data.RowData;

/** Makes the output columns of a row from its answer. */
@FunctionalInterface
public interface AnswerRow extends Serializable {

  /**
   * The columns of an answer. One with an error gives a row as well, with the error in it. Called
   * by any thread.
   */
  RowData of(Answer answer);
}
