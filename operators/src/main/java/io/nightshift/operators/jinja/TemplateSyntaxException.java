package io.nightshift.operators.jinja;

/** A template source that is not valid Jinja, or asks for a part of Jinja that is refused. */
public final class TemplateSyntaxException extends TemplateException {
  private static final long serialVersionUID = 1L;

  TemplateSyntaxException(String template, int line, String reason) {
    super(template, line, reason);
  }
}
