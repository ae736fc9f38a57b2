package io.nightshift.operators.jinja.syntax;

/** A source that is not a valid template. The caller knows the name of the template. */
public final class InvalidTemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String reason;

  InvalidTemplateException(int line, String reason) {
    super("line " + line + ": " + reason);
    this.line = line;
    this.reason = reason;
  }

  public int line() {
    return line;
  }

  public String reason() {
    return reason;
  }
}
