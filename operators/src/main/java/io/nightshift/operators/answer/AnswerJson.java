package io.nightshift.operators.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** The JSON of answers, which are as long, and as deeply nested, as the job allows. */
public final class AnswerJson {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private AnswerJson() {}

  /**
   * A parser at the beginning of an answer.
   *
   * @param json text of the answer, in UTF-8
   */
  public static JsonParser parser(byte[] json) throws IOException {
    return JSON.createParser(json);
  }
}
