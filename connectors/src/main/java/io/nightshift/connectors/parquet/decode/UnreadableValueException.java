package io.nightshift.connectors.parquet.decode;

/** A value that the column's Arrow type cannot hold. The message gives the value. */
final class UnreadableValueException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnreadableValueException(String message) {
    super(message);
  }
}
