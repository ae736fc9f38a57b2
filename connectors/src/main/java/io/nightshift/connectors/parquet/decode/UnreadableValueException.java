package io.nightshift.connectors.parquet.decode;

/** A value that Arrow's type for the column cannot hold. The message says which. */
final class UnreadableValueException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnreadableValueException(String message) {
    super(message);
  }
}
