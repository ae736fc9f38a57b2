package io.nightshift.operators.jinja.syntax;

import java.util.List;

/** {@code break} or {@code continue}. */
final class LoopControl extends Statement {
  private final Executor.Signal signal;

  LoopControl(int line, Executor.Signal signal) {
    super(line, List.of());
    this.signal = signal;
  }

  @Override
  Executor compile(Scope scope) {
    if (!scope.isInLoop()) {
      String tag = signal == Executor.Signal.BREAK ? "break" : "continue";
      throw scope.error(line(), "'" + tag + "' outside loop");
    }
    return frame -> signal;
  }
}
