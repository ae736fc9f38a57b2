package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Arithmetic;
import io.nightshift.operators.jinja.runtime.Callable;
import io.nightshift.operators.jinja.runtime.Comparison;
import io.nightshift.operators.jinja.runtime.ComparisonOperator;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.DictView;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.ValueTest;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.HashMap;
import java.util.Map;

/** Jinja's tests: what may follow {@code is}. */
final class ValueTests {
  /** A test that takes one argument. */
  @FunctionalInterface
  private interface Binary {
    boolean holds(RenderContext context, Object value, Object argument);
  }

  /** A test that takes none. */
  @FunctionalInterface
  private interface Unary {
    boolean holds(Object value);
  }

  private static final Map<String, ValueTest> TESTS = new HashMap<>();

  static {
    unary("defined", value -> !(value instanceof Undefined));
    unary("undefined", value -> value instanceof Undefined);
    unary("none", value -> value == None.NONE);
    unary("boolean", value -> value instanceof Boolean);
    unary("true", value -> value.equals(true));
    unary("false", value -> value.equals(false));
    unary("integer", value -> Numbers.isInteger(value) && !(value instanceof Boolean));
    unary("float", value -> value instanceof Double);
    unary("number", value -> Numbers.number(value) != null);
    unary("string", Values::isText);
    unary("mapping", value -> value instanceof Dict);
    unary("sequence", ValueTests::isSequence);
    unary("iterable", ValueTests::isIterable);
    unary("callable", value -> value instanceof Callable || value instanceof Undefined);
    unary("escaped", value -> value instanceof Markup);
    unary("odd", value -> remainder(value, 2L) == 1);
    unary("even", value -> remainder(value, 2L) == 0);
    TESTS.put("lower", (c, v, a) -> LetterCase.isLower(text(c, v, a)));
    TESTS.put("upper", (c, v, a) -> LetterCase.isUpper(text(c, v, a)));
    binary("divisibleby", (context, value, number) -> remainder(value, number) == 0);
    binary("sameas", (context, value, other) -> isSame(value, other));
    binary("in", (context, value, container) -> Comparison.contains(context, container, value));
    comparison(ComparisonOperator.EQUAL, "==", "eq", "equalto");
    comparison(ComparisonOperator.NOT_EQUAL, "!=", "ne");
    comparison(ComparisonOperator.GREATER, ">", "gt", "greaterthan");
    comparison(ComparisonOperator.GREATER_OR_EQUAL, ">=", "ge");
    comparison(ComparisonOperator.LESS, "<", "lt", "lessthan");
    comparison(ComparisonOperator.LESS_OR_EQUAL, "<=", "le");
  }

  private ValueTests() {}

  static Map<String, ValueTest> all() {
    return TESTS;
  }

  private static void unary(String name, Unary test) {
    TESTS.put(
        name,
        (context, value, arguments) -> {
          arguments.bindPositional(name, 0);
          return test.holds(value);
        });
  }

  private static void binary(String name, Binary test) {
    TESTS.put(
        name,
        (context, value, arguments) ->
            test.holds(context, value, arguments.bind(name, 1, "other").get(0)));
  }

  private static void comparison(ComparisonOperator operator, String... names) {
    for (String name : names) {
      binary(name, (context, value, other) -> Comparison.holds(context, operator, value, other));
    }
  }

  private static String text(RenderContext context, Object value, Arguments arguments) {
    arguments.bindPositional("test", 0);
    return Representation.text(context, value);
  }

  private static boolean isSequence(Object value) {
    if (value instanceof Undefined undefined) {
      return !undefined.isStrict();
    }
    return Values.hasLength(value) && !(value instanceof DictView) && !Iteration.isIterator(value);
  }

  private static boolean isIterable(Object value) {
    if (value instanceof Undefined undefined) {
      undefined.touch();
    }
    return Iteration.isIterable(value);
  }

  /** Python's {@code is}: small values that are one object there are taken for one here. */
  private static boolean isSame(Object value, Object other) {
    if (Values.isText(value) && !(value instanceof Markup)) {
      return Values.isText(other)
          && !(other instanceof Markup)
          && Values.text(value).equals(Values.text(other));
    }
    boolean scalar = value instanceof Boolean || value instanceof Long;
    return scalar ? value.equals(other) : value == other;
  }

  private static long remainder(Object value, Object divisor) {
    if (Values.isText(value)) {
      throw EvaluationException.type("not all arguments converted during string formatting");
    }
    Object number = Arithmetic.remainder(value, divisor);
    if (number instanceof Long integer) {
      return integer;
    }
    double real = ((Number) number).doubleValue();
    return real == 0 ? 0 : real == 1 ? 1 : -1;
  }
}
