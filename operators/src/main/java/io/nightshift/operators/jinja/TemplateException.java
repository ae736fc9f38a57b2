package io.nightshift.operators.jinja;

/**
 * A template that could not be rendered, or (as {@link TemplateSyntaxException}) not be parsed. The
 * message names the template and the line.
 */
public class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_REASON = 2_000;

  private final String template;
  private final int line;
  private final String reason;

  TemplateException(String template, int line, String reason) {
    super("template " + template + ", line " + line + ": " + shortened(reason));
    this.template = template;
    this.line = line;
    this.reason = shortened(reason);
  }

  /** A row's text may be part of a message, and rows that fail may be many. */
  private static String shortened(String reason) {
    return reason.length() <= MAX_REASON
        ? reason
        : reason.substring(0, reason.offsetByCodePoints(0, MAX_REASON / 2)) + "...";
  }

  /** Name of the template, as given to {@link Template#parse}. */
  public String template() {
    return template;
  }

  /** Line of the template's source, from 1. */
  public int line() {
    return line;
  }

  /**
   * What went wrong, without the place, cut if very long; the message given to {@code
   * raise_exception}.
   */
  public String reason() {
    return reason;
  }
}
