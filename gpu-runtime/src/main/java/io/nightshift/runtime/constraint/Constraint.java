package io.nightshift.runtime.constraint;

/** A constraint that was compiled for the vocabulary of a model. Thread-safe. */
public interface Constraint {

  /** A matcher at the beginning of an answer. */
  TokenMatcher matcher();

  /**
   * Number of tokens of a short answer: no answer of fewer tokens is promised. End-of-turn is not
   * counted.
   */
  int shortestTokens();
}
