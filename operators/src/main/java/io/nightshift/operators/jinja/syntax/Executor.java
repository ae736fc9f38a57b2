package io.nightshift.operators.jinja.syntax;

import java.util.List;

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

  /** Runs steps one after the other, until one does not end normally. */
  static Executor sequence(List<Executor> steps) {
    Executor[] all = steps.toArray(Executor[]::new);
    return frame -> {
      for (Executor step : all) {
        Signal signal = step.execute(frame);
        if (signal != Signal.NEXT) {
          return signal;
        }
      }
      return Signal.NEXT;
    };
  }
}
