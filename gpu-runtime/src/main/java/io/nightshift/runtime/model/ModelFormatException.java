package io.nightshift.runtime.model;

/**
 * A model file or folder cannot be used. The message names the file, the place in it and what was
 * expected.
 */
public final class ModelFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
