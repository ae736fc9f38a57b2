package io.nightshift.operators.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;

/**
 * A document that is read value by value.
 *
 * @param parser at the first token of a value
 * @param document what it reads, in UTF-8
 */
record JsonValues(JsonParser parser, byte[] document) {

  /** The current string, in UTF-8. */
  byte[] string() throws IOException {
    return parser.getText().getBytes(UTF_8);
  }

  /** The text of the current value, as it was written; the parser is at its last token then. */
  byte[] text() throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return Arrays.copyOfRange(document, start, (int) parser.currentLocation().getByteOffset());
  }
}
