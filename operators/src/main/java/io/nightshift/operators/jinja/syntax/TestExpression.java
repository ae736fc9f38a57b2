package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.ValueTest;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.List;

/** {@code value is test(arguments)}. */
final class TestExpression extends Expression {
  private final Expression value;
  private final String name;
  private final ArgumentList arguments;

  TestExpression(int line, Expression value, String name, ArgumentList arguments) {
    super(line, List.of(value, arguments));
    this.value = value;
    this.name = name;
    this.arguments = arguments;
  }

  @Override
  Evaluator compile(Scope scope) {
    Evaluator input = value.compile(scope);
    ArgumentList.Binder binder = arguments.compile(scope);
    ValueTest test = scope.builtins().test(name);
    if (test == null) {
      if (!scope.isConditional()) {
        throw scope.error(line(), "No test named '" + name + "'.");
      }
      return frame -> {
        throw EvaluationException.type("No test named '" + name + "' found.");
      };
    }
    return frame -> {
      Object subject = input.evaluate(frame);
      frame.context().budget().work(Values.size(subject));
      return test.holds(frame.context(), subject, binder.bind(frame));
    };
  }

  @Override
  String kind() {
    return "test";
  }
}
