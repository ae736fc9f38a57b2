package io.nightshift.runtime.constraint.automaton;

/**
 * A constraint that cannot be enforced. The message names the place in the constraint (a column of
 * a regular expression or a JSON pointer into a schema), what is wrong there, and what to do.
 */
public class ConstraintException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConstraintException(String message) {
    super(message);
  }
}
