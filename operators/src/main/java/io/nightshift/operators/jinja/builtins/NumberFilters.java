package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Arithmetic;
import io.nightshift.operators.jinja.runtime.ArithmeticOperator;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Filter;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;

/** Filters on numbers. */
final class NumberFilters {
  private NumberFilters() {}

  static Map<String, Filter> all() {
    return Map.of(
        "abs", NumberFilters::absolute,
        "int", NumberFilters::integer,
        "float", NumberFilters::real,
        "round", NumberFilters::round,
        "filesizeformat", NumberFilters::fileSize);
  }

  private static Object absolute(RenderContext context, Object value, Arguments arguments) {
    arguments.bindPositional("abs", 0);
    Number number = Numbers.number(value);
    if (number == null) {
      throw EvaluationException.type("bad operand type for abs(): '" + TypeNames.of(value) + "'");
    }
    return Numbers.sign(number) < 0 || number.equals(-0.0)
        ? Arithmetic.negate(number)
        : (Object) number;
  }

  private static Object integer(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", 0, "default", "base");
    Object fallback = bound.get(0, 0L);
    if (Values.isText(value)) {
      long base = bound.integer(1, 10);
      if (base == 0 || (base >= 2 && base <= 36)) {
        Object integer = NumberConversion.integer(Values.text(value), (int) base);
        if (integer != Missing.MISSING) {
          return integer;
        }
      }
    }
    Object real =
        value instanceof Number && !(value instanceof Double)
            ? value
            : NumberConversion.real(value);
    if (real instanceof Double number) {
      return Double.isNaN(number) || Double.isInfinite(number)
          ? fallback
          : Numbers.normal(NumberConversion.integer(number));
    }
    if (real instanceof BigDecimal decimal) {
      return Numbers.normal(decimal.toBigInteger());
    }
    return real == Missing.MISSING ? fallback : real;
  }

  private static Object real(RenderContext context, Object value, Arguments arguments) {
    Object fallback = arguments.bind("float", 0, "default").get(0, 0.0);
    Object real = NumberConversion.real(value);
    return real == Missing.MISSING ? fallback : real;
  }

  private static Object round(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", 0, "precision", "method");
    String method = bound.has(1) ? Representation.text(context, bound.get(1)) : "common";
    Number number = Numbers.number(value);
    if (number == null) {
      throw value instanceof Undefined undefined
          ? undefined.error()
          : EvaluationException.type(
              "type " + TypeNames.of(value) + " doesn't define __round__ method");
    }
    return switch (method) {
      case "common" -> rounded(number, bound.integer(0, 0));
      case "ceil", "floor" -> roundedTo(context, number, bound.get(0, 0L), method.equals("ceil"));
      default -> throw EvaluationException.value("method must be common, ceil or floor");
    };
  }

  private static Object rounded(Number number, long precision) {
    int digits = (int) Math.max(-5_000, Math.min(5_000, precision));
    if (number instanceof Double real) {
      if (Double.isNaN(real) || Double.isInfinite(real)) {
        return real;
      }
      double result =
          digits > 330
              ? real
              : new BigDecimal(real).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
      return Math.copySign(result, real);
    }
    if (number instanceof BigDecimal decimal) {
      return decimal.setScale(digits, RoundingMode.HALF_EVEN);
    }
    if (digits >= 0) {
      return number;
    }
    BigInteger integer = Numbers.big(number);
    return Numbers.normal(
        new BigDecimal(integer).setScale(digits, RoundingMode.HALF_EVEN).toBigInteger());
  }

  private static Object roundedTo(
      RenderContext context, Number number, Object precision, boolean up) {
    Object factor = Arithmetic.binary(context, ArithmeticOperator.POWER, 10L, precision);
    Object scaled = Arithmetic.binary(context, ArithmeticOperator.MULTIPLY, number, factor);
    Object whole = scaled;
    if (scaled instanceof Double real) {
      whole = Numbers.normal(NumberConversion.integer(up ? Math.ceil(real) : Math.floor(real)));
    } else if (scaled instanceof BigDecimal decimal) {
      whole =
          Numbers.normal(
              decimal.setScale(0, up ? RoundingMode.CEILING : RoundingMode.FLOOR).toBigInteger());
    }
    return Arithmetic.binary(context, ArithmeticOperator.DIVIDE, whole, factor);
  }

  private static Object fileSize(RenderContext context, Object value, Arguments arguments) {
    boolean binary = arguments.bind("filesizeformat", 0, "binary").isTrue(0, false);
    Object number = NumberConversion.real(value);
    if (!(number instanceof Double bytes)) {
      throw EvaluationException.value("could not convert to float");
    }
    double base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return "1 Byte";
    }
    if (bytes < base) {
      return Numbers.normal(NumberConversion.integer(bytes)) + " Bytes";
    }
    String[] prefixes = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
    int i = 0;
    double unit = base * base;
    while (i < prefixes.length - 1 && bytes >= unit) {
      unit *= base;
      i++;
    }
    String prefix = binary && i == 0 ? "K" : prefixes[i];
    Object digits = FormatSpec.format(context, base * bytes / unit, ".1f");
    return digits + " " + prefix + (binary ? "iB" : "B");
  }
}
