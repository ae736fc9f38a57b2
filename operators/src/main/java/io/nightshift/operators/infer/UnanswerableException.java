package io.nightshift.operators.infer;

/** A row has a prompt, but what it asks for cannot be done. It becomes an error of the row. */
public final class UnanswerableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code the value of the output column {@code error_code}
   */
  public UnanswerableException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  String code() {
    return code;
  }
}
