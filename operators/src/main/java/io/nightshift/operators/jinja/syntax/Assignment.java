package io.nightshift.operators.jinja.syntax;

import java.util.List;

/** {@code set target = value}. */
final class Assignment extends Statement {
  private final Target target;
  private final Expression value;

  Assignment(int line, Target target, Expression value) {
    super(line, List.of(target, value));
    this.target = target;
    this.value = value;
  }

  @Override
  void declare(Symbols symbols) {
    value.declare(symbols);
    target.declare(symbols);
  }

  @Override
  Executor compile(Scope scope) {
    Evaluator evaluator = value.compile(scope);
    Assigner assigner = target.compile(scope);
    return frame -> {
      assigner.assign(frame, evaluator.evaluate(frame));
      return Executor.Signal.NEXT;
    };
  }
}
