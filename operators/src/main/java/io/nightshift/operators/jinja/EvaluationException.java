package io.nightshift.operators.jinja;

/**
 * An error of an evaluation that does not know its place yet: the innermost statement that lets it
 * through adds the line. Carries no stack trace, since bad rows are many and their place is in the
 * template.
 */
final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final boolean none;
  private int line;

  private EvaluationException(String reason) {
    this(reason, false);
  }

  private EvaluationException(String reason, boolean none) {
    super(reason, null, false, false);
    this.reason = reason;
    this.none = none;
  }

  /** An operation that the operands' types do not have. */
  static EvaluationException type(String message) {
    return new EvaluationException(message);
  }

  /** An operand of the right type whose value does not serve. */
  static EvaluationException value(String message) {
    return new EvaluationException(message);
  }

  /** A use of an undefined value. */
  static EvaluationException undefined(String message) {
    return new EvaluationException(message);
  }

  /** A use of something that the sandbox refuses. */
  static EvaluationException security(String message) {
    return new EvaluationException(message);
  }

  /** A bound of the options that was crossed. */
  static EvaluationException limit(String message) {
    return new EvaluationException(message);
  }

  /**
   * A None that would become text, where the options refuse that; {@code name} is what was printed.
   */
  static EvaluationException none(String name) {
    return new EvaluationException(
        name + " is null; to allow that, write {{ " + name + " or '' }}", true);
  }

  /** The template's own call of {@code raise_exception}. */
  static EvaluationException raised(String message) {
    return new EvaluationException(message);
  }

  String reason() {
    return reason;
  }

  /** Whether it is about a None that would have become text. */
  boolean isNone() {
    return none;
  }

  int line() {
    return line;
  }

  /** Sets the line, unless a statement further inside already did. */
  EvaluationException at(int place) {
    if (line == 0) {
      line = place;
    }
    return this;
  }
}
