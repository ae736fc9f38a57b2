package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code value if test else otherwise}. */
final class Conditional extends Expression {
  private final Expression test;
  private final Expression value;
  private final @Nullable Expression otherwise;

  Conditional(int line, Expression test, Expression value, @Nullable Expression otherwise) {
    super(line, Stream.of(test, value, otherwise).filter(e -> e != null).toList());
    this.test = test;
    this.value = value;
    this.otherwise = otherwise;
  }

  @Override
  Evaluator compile(Scope outer) {
    Scope scope = outer.conditional();
    Evaluator condition = test.compile(scope);
    Evaluator then = value.compile(scope);
    Evaluator orElse = otherwise == null ? nothing(line()) : otherwise.compile(scope);
    return frame ->
        Values.isTrue(condition.evaluate(frame)) ? then.evaluate(frame) : orElse.evaluate(frame);
  }

  private static Evaluator nothing(int line) {
    Undefined undefined =
        new Undefined(
            () ->
                "the inline if-expression on line "
                    + line
                    + " evaluated to false and no else section was defined.",
            false);
    return frame -> undefined;
  }

  @Override
  String kind() {
    return "condexpr";
  }
}
