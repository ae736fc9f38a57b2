package io.nightshift.operators.jinja;

/** A None that would have become text, where {@link TemplateOptions#refuseNone} holds. */
public final class NonePrintedException extends TemplateException {
  private static final long serialVersionUID = 1L;

  NonePrintedException(String template, int line, String reason) {
    super(template, line, reason);
  }
}
