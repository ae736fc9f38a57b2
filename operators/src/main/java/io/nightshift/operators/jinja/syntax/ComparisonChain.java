package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Comparison;
import io.nightshift.operators.jinja.runtime.ComparisonOperator;
import java.util.List;
import java.util.stream.Stream;

/** A chain of comparisons, each operand evaluated at most once: {@code a < b <= c}. */
final class ComparisonChain extends Expression {
  private final Expression first;
  private final List<ComparisonOperator> operators;
  private final List<Expression> operands;

  ComparisonChain(
      int line, Expression first, List<ComparisonOperator> operators, List<Expression> operands) {
    super(line, Stream.concat(Stream.of(first), operands.stream()).toList());
    this.first = first;
    this.operators = List.copyOf(operators);
    this.operands = List.copyOf(operands);
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator head = first.compile(scope);
    Evaluator[] rest = Expression.compileAll(operands, scope).toArray(Evaluator[]::new);
    ComparisonOperator[] comparisons = operators.toArray(ComparisonOperator[]::new);
    return frame -> {
      Object left = head.evaluate(frame);
      for (int i = 0; i < rest.length; i++) {
        Object right = rest[i].evaluate(frame);
        if (!Comparison.holds(frame.context(), comparisons[i], left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    };
  }

  @Override
  String kind() {
    return "compare";
  }
}
