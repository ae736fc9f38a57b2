package io.nightshift.operators.jinja;

/** A compiled statement. */
@FunctionalInterface
interface Executor {
  /** How a statement ends. */
  enum Signal {
    NEXT,
    BREAK,
    CONTINUE
  }

  Signal execute(Frame frame);
}
