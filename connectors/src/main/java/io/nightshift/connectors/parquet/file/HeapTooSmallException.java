package io.nightshift.connectors.parquet.file;

import java.io.IOException;

/**
 * A part of a file is larger than this process can hold. The message gives its size and the limit.
 */
final class HeapTooSmallException extends IOException {
  private static final long serialVersionUID = 1;

  HeapTooSmallException(String message) {
    super(message);
  }
}
