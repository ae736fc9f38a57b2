package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Values;
import java.util.List;

/** {@code and} and {@code or}, whose value is that of the operand that decides. */
final class LogicalOperation extends Expression {
  private final boolean conjunction;
  private final Expression left;
  private final Expression right;

  LogicalOperation(int line, boolean conjunction, Expression left, Expression right) {
    super(line, List.of(left, right));
    this.conjunction = conjunction;
    this.left = left;
    this.right = right;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator first = left.compile(scope);
    Evaluator second = right.compile(scope);
    boolean goOn = conjunction;
    return frame -> {
      Object value = first.evaluate(frame);
      return Values.isTrue(value) == goOn ? second.evaluate(frame) : value;
    };
  }

  @Override
  String kind() {
    return conjunction ? "and" : "or";
  }
}
