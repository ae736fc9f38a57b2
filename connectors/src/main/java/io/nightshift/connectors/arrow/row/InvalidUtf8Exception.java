package io.nightshift.connectors.arrow.row;

import java.nio.charset.CharacterCodingException;
import java.util.Locale;

/**
 * A string column holds bytes that are not UTF-8. The message names the column and the position in
 * the value.
 */
public final class InvalidUtf8Exception extends CharacterCodingException {
  private static final long serialVersionUID = 1L;

  private final String message;

  InvalidUtf8Exception(String column, int offset, int length, byte first) {
    this.message =
        String.format(
            Locale.ROOT,
            "Column '%s' holds text that is not valid UTF-8: byte 0x%02x at position %d of %d",
            column,
            first,
            offset,
            length);
  }

  @Override
  public String getMessage() {
    return message;
  }
}
