package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Arithmetic;
import io.nightshift.operators.jinja.runtime.ArithmeticOperator;
import io.nightshift.operators.jinja.runtime.Builtins;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.List;

/** Arithmetic, and what {@code +}, {@code *} and {@code %} do with texts and sequences. */
final class BinaryOperation extends Expression {
  private final ArithmeticOperator operator;
  private final Expression left;
  private final Expression right;

  BinaryOperation(int line, ArithmeticOperator operator, Expression left, Expression right) {
    super(line, List.of(left, right));
    this.operator = operator;
    this.left = left;
    this.right = right;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator first = left.compile(scope);
    Evaluator second = right.compile(scope);
    ArithmeticOperator operation = operator;
    if (operation == ArithmeticOperator.REMAINDER) {
      Builtins builtins = scope.builtins();
      return frame ->
          remainder(frame.context(), builtins, first.evaluate(frame), second.evaluate(frame));
    }
    return frame ->
        Arithmetic.binary(
            frame.context(), operation, first.evaluate(frame), second.evaluate(frame));
  }

  private static Object remainder(
      RenderContext context, Builtins builtins, Object left, Object right) {
    return Values.isText(left)
        ? builtins.format(context, left, right)
        : Arithmetic.binary(context, ArithmeticOperator.REMAINDER, left, right);
  }

  @Override
  String kind() {
    return "binary operation";
  }
}
