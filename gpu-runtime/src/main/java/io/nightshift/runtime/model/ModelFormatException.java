package io.nightshift.runtime.model;

import java.nio.file.Path;

/**
 * A model file or folder cannot be used. The message names the file, the location in it and what
 * was expected.
 */
public final class ModelFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param place location in the file, for instance {@code tensor "model.norm.weight"}
   * @param problem what was found, what was expected, and the remedy if there is one
   */
  public ModelFormatException(Path file, String place, String problem) {
    this(file + ": " + place + ": " + problem);
  }
}
