package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Values;
import java.util.List;

/** Negation. */
final class Negation extends Expression {
  private final Expression operand;

  Negation(int line, Expression operand) {
    super(line, List.of(operand));
    this.operand = operand;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator value = operand.compile(scope);
    return frame -> !Values.isTrue(value.evaluate(frame));
  }

  @Override
  String kind() {
    return "not";
  }
}
