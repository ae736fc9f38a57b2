package io.nightshift.operators.jinja;

import java.util.List;

/** Arithmetic, and what {@code +}, {@code *} and {@code %} do with texts and sequences. */
final class BinaryOperation extends Expression {
  private final TokenType operator;
  private final Expression left;
  private final Expression right;

  BinaryOperation(int line, TokenType operator, Expression left, Expression right) {
    super(line, List.of(left, right));
    this.operator = operator;
    this.left = left;
    this.right = right;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator first = left.compile(scope);
    Evaluator second = right.compile(scope);
    TokenType operation = operator;
    return frame ->
        Arithmetic.binary(
            frame.context(), operation, first.evaluate(frame), second.evaluate(frame));
  }

  @Override
  String kind() {
    return "binary operation";
  }
}
