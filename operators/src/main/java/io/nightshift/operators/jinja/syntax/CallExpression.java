package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Builtins;
import io.nightshift.operators.jinja.runtime.Callable;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import java.util.List;

/** A call of a macro, function or method. */
final class CallExpression extends Expression {
  private final Expression function;
  private final ArgumentList arguments;

  CallExpression(int line, Expression function, ArgumentList arguments) {
    super(line, List.of(function, arguments));
    this.function = function;
    this.arguments = arguments;
  }

  @Override
  Evaluator compile(Scope scope) {
    Builtins builtins = scope.builtins();
    Evaluator callee = function.compile(scope);
    ArgumentList.Binder binder = arguments.compile(scope);
    return frame -> {
      Object value = callee.evaluate(frame);
      if (value instanceof Undefined undefined) {
        throw undefined.error();
      }
      requireCallable(builtins, value);
      return call(frame.context(), (Callable) value, binder.bind(frame));
    };
  }

  /** Compiles a call that passes the body of a call block as {@code caller}. */
  Evaluator compileWithCaller(Scope scope, Evaluator caller) {
    Builtins builtins = scope.builtins();
    Evaluator callee = function.compile(scope);
    ArgumentList.Binder binder = arguments.compile(scope);
    return frame -> {
      Object value = callee.evaluate(frame);
      Arguments bound = binder.bind(frame).with("caller", caller.evaluate(frame));
      if (value instanceof Undefined undefined) {
        throw undefined.error();
      }
      requireCallable(builtins, value);
      return call(frame.context(), (Callable) value, bound);
    };
  }

  private void requireCallable(Builtins builtins, Object value) {
    if (value instanceof Callable) {
      return;
    }
    String hidden =
        function instanceof Name name && builtins.isGlobal(name.name())
            ? "; a variable or column named "
                + name.name()
                + " hides the function of that name, rename it to call that"
            : "";
    throw EvaluationException.type("'" + TypeNames.of(value) + "' object is not callable" + hidden);
  }

  private static Object call(RenderContext context, Callable callable, Arguments arguments) {
    context.step();
    return callable.call(context, arguments);
  }

  @Override
  String kind() {
    return "call";
  }
}
