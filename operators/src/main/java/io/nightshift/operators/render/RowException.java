package io.nightshift.operators.render;

/**
 * A row cannot become a prompt. It becomes an output row with an error code, never a failed job.
 */
public final class RowException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RowErrorCode code;

  public RowException(RowErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public RowErrorCode code() {
    return code;
  }
}
