package io.nightshift.operators.jinja;

/** A compiled assignment target. */
@FunctionalInterface
interface Assigner {
  void assign(Frame frame, Object value);
}
