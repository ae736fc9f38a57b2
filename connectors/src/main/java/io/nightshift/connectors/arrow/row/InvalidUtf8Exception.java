package io.nightshift.connectors.arrow.row;

import java.nio.charset.CharacterCodingException;

/** A string column holds bytes that are not UTF-8. Says which column, and where in the value. */
public final class InvalidUtf8Exception extends CharacterCodingException {
  private static final long serialVersionUID = 1L;

  private final String message;

  InvalidUtf8Exception(String column, int offset, int length, byte first) {
    this.message =
        "Column '%s' holds text that is not valid UTF-8: byte 0x%02x at position %d of %d"
            .formatted(column, first, offset, length);
  }

  @Override
  public String getMessage() {
    return message;
  }
}
