package io.nightshift.operators.jinja.syntax;

/** A compiled expression. */
@FunctionalInterface
interface Evaluator {
  /** Returns the value. */
  Object evaluate(Frame frame);
}
