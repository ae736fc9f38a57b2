package io.nightshift.operators.jinja;

/** A compiled expression. */
@FunctionalInterface
interface Evaluator {
  /** The value, of one of the kinds in {@link Values}. */
  Object evaluate(Frame frame);
}
