package io.nightshift.operators.answer;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.arrow.vector.FieldVector;

/** Writes the JSON texts of answers into a vector of a type of {@link AnswerType}. */
public final class AnswerWriter {
  private final ValueWriter writer;

  /**
   * @param vector that is written, which may grow; it belongs to the caller
   */
  public AnswerWriter(FieldVector vector) {
    writer = ValueWriters.of(vector);
  }

  /**
   * Writes an answer.
   *
   * @param json text of the answer, in UTF-8, which the job's schema allows
   * @param row that is written; rows that are left out are null
   */
  public void write(byte[] json, int row) {
    try (JsonParser parser = AnswerJson.parser(json)) {
      parser.nextToken();
      writer.write(new JsonValues(parser, json), row);
    } catch (IOException e) {
      throw new UncheckedIOException("an answer is not the JSON that its schema demands", e);
    }
  }
}
