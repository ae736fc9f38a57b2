package io.nightshift.operators.jinja;

/** A None would have become text, and {@link TemplateOptions#refuseNone} is set. */
public final class NonePrintedException extends TemplateException {
  private static final long serialVersionUID = 1L;

  NonePrintedException(String template, int line, String reason) {
    super(template, line, reason);
  }
}
