package io.nightshift.operators.jinja.syntax;

/** A compiled assignment target. */
@FunctionalInterface
interface Assigner {
  void assign(Frame frame, Object value);
}
