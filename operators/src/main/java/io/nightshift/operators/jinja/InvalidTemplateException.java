package io.nightshift.operators.jinja;

/** A source that is not a valid template. The caller knows the name of the template. */
final class InvalidTemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String reason;

  InvalidTemplateException(int line, String reason) {
    super("line " + line + ": " + reason);
    this.line = line;
    this.reason = reason;
  }

  int line() {
    return line;
  }

  String reason() {
    return reason;
  }
}
