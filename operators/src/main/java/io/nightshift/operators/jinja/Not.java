package io.nightshift.operators.jinja;

import java.util.List;

/** Negation. */
final class Not extends Expression {
  private final Expression operand;

  Not(int line, Expression operand) {
    super(line, List.of(operand));
    this.operand = operand;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator value = operand.compile(scope);
    return frame -> !Values.isTrue(value.evaluate(frame));
  }
}
