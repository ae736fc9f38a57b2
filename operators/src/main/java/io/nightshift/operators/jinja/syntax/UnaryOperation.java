package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Arithmetic;
import java.util.List;

/** A sign. */
final class UnaryOperation extends Expression {
  private final boolean negative;
  private final Expression operand;

  UnaryOperation(int line, boolean negative, Expression operand) {
    super(line, List.of(operand));
    this.negative = negative;
    this.operand = operand;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator value = operand.compile(scope);
    return negative
        ? frame -> Arithmetic.negate(value.evaluate(frame))
        : frame -> Arithmetic.plus(value.evaluate(frame));
  }

  @Override
  String kind() {
    return negative ? "neg" : "pos";
  }
}
