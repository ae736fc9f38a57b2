package io.nightshift.operators.jinja.runtime;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An error of an evaluation that does not know its place yet: the innermost statement that lets it
 * through adds the line. Carries no stack trace, since bad rows are many and their place is in the
 * template.
 */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What messages call a printed value without a name. */
  private static final String UNNAMED = "value";

  private final String reason;
  private final boolean none;

  /** The reason as a function of the name of the printed value, if the error is about one. */
  private final transient @Nullable UnaryOperator<String> reasonByName;

  private int line;

  private EvaluationException(String reason) {
    this(reason, false, null);
  }

  private EvaluationException(
      String reason, boolean none, @Nullable UnaryOperator<String> reasonByName) {
    super(reason, null, false, false);
    this.reason = reason;
    this.none = none;
    this.reasonByName = reasonByName;
  }

  /** An operation that the operands' types do not have. */
  public static EvaluationException type(String message) {
    return new EvaluationException(message);
  }

  /** An operand of the right type whose value does not serve. */
  public static EvaluationException value(String message) {
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
  public static EvaluationException limit(String message) {
    return new EvaluationException(message);
  }

  /** A None that would become text if the options refuse that. */
  static EvaluationException none() {
    UnaryOperator<String> reason =
        name -> name + " is null; to allow that, write {{ " + name + " or '' }}";
    return new EvaluationException(reason.apply(UNNAMED), true, reason);
  }

  /**
   * A value that cannot become text.
   *
   * @param reason by the name of what was printed
   */
  static EvaluationException printed(UnaryOperator<String> reason) {
    return new EvaluationException(reason.apply(UNNAMED), false, reason);
  }

  /** The same error about a value that is called {@code name}, unless a place is known already. */
  public EvaluationException named(String name) {
    return reasonByName == null || line != 0
        ? this
        : new EvaluationException(reasonByName.apply(name), none, null);
  }

  /** The template's own call of {@code raise_exception}. */
  public static EvaluationException raised(String message) {
    return new EvaluationException(message);
  }

  public String reason() {
    return reason;
  }

  /** Whether it is about a None that would have become text. */
  public boolean isNone() {
    return none;
  }

  public int line() {
    return line;
  }

  /** Sets the line, unless an inner statement already did. */
  public EvaluationException at(int place) {
    if (line == 0) {
      line = place;
    }
    return this;
  }
}
