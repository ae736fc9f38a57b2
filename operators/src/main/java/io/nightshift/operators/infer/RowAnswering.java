package io.nightshift.operators.infer;

import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.Request;

/** An {@link Answering} in a task. Not thread-safe. */
public interface RowAnswering extends AutoCloseable {

  /**
   * The request of a row that has a prompt.
   *
   * @param id of the request
   * @throws UnanswerableException if the engine cannot take it, which is an error of the row
   */
  Request request(long id, UnitRow row) throws UnanswerableException;

  /** The answer that a completion gives to a row. */
  Answer answer(UnitRow row, Completion completion);

  /** Whether the answer to a row is that to another one with the same prompt as well. */
  boolean sharesAnswer(UnitRow row, UnitRow other);

  /** Called when the task ends. */
  @Override
  default void close() {}
}
