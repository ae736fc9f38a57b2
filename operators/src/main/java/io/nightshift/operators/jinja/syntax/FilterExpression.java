package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Filter;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code value | filter(arguments)}; without a value inside the tag of a filter or set block. */
final class FilterExpression extends Expression {
  private final @Nullable Expression value;
  private final String name;
  private final ArgumentList arguments;

  FilterExpression(int line, @Nullable Expression value, String name, ArgumentList arguments) {
    super(line, Stream.concat(Stream.ofNullable(value), Stream.of(arguments)).toList());
    this.value = value;
    this.name = name;
    this.arguments = arguments;
  }

  @Override
  Evaluator compile(Scope scope) {
    if (value == null) {
      throw new IllegalStateException("filter " + name + " has no value");
    }
    return compile(scope, value.compile(scope));
  }

  /** Compiles the filter, or chain of filters, of a block whose text {@code captured} yields. */
  Evaluator compileBlock(Scope scope, Evaluator captured) {
    return compile(
        scope,
        value instanceof FilterExpression inner ? inner.compileBlock(scope, captured) : captured);
  }

  private Evaluator compile(Scope scope, Evaluator input) {
    ArgumentList.Binder binder = arguments.compile(scope);
    Filter filter = scope.builtins().filter(name);
    if (filter == null) {
      if (!scope.isConditional()) {
        throw scope.error(line(), "No filter named '" + name + "'.");
      }
      return frame -> {
        throw EvaluationException.type("No filter named '" + name + "' found.");
      };
    }
    return frame -> {
      Object subject = input.evaluate(frame);
      frame.context().budget().work(Values.size(subject));
      return filter.apply(frame.context(), subject, binder.bind(frame));
    };
  }

  @Override
  String kind() {
    return "filter";
  }
}
