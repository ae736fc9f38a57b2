package io.nightshift.operators.report;

/** More rows have errors than the job permits. The message has the first examples of each code. */
public final class TooManyErrorsException extends Exception {
  private static final long serialVersionUID = 1L;

  TooManyErrorsException(String message) {
    super(message);
  }
}
