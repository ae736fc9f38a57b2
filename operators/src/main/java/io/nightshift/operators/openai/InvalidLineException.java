package io.nightshift.operators.openai;

/** A line is no request of a batch file, so that the whole file is refused. */
public final class InvalidLineException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int column;

  /**
   * @param column where in the line, from 1
   */
  InvalidLineException(int column, String message) {
    super(message);
    this.column = column;
  }

  /** Where in the line, in characters from 1. */
  public int column() {
    return column;
  }
}
