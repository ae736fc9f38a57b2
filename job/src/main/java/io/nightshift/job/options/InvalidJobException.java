package io.nightshift.job.options;

/**
 * A job file, or an override of it, is wrong. The message is one line that names the place, the key
 * and the remedy.
 */
public final class InvalidJobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidJobException(String message) {
    super(message);
  }

  public InvalidJobException(String message, Throwable cause) {
    super(message, cause);
  }
}
