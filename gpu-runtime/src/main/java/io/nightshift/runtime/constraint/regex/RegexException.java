package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.ConstraintException;

/** A regular expression that is malformed, or that no automaton of a reasonable size can match. */
public final class RegexException extends ConstraintException {
  private static final long serialVersionUID = 1L;

  private final int column;

  RegexException(int column, String message) {
    super("column %s: %s".formatted(column, message));
    this.column = column;
  }

  /** Where in the expression, in code points, from 1. */
  public int column() {
    return column;
  }
}
