package io.nightshift.operators.answer;

import java.io.IOException;

/** Writes values of one type into its vector. */
@FunctionalInterface
interface ValueWriter {
  /**
   * Writes the current value, which is not null; the parser is at its last token then.
   *
   * @param index in the vector
   */
  void write(JsonValues values, int index) throws IOException;
}
