package io.nightshift.runtime.constraint.regex;

/** A regular expression whose automaton is too large, or would take too long to make. */
final class StateLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
