package io.nightshift.operators.jinja.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic operators on all kinds of values. */
public final class Arithmetic {
  private static final int MAX_BITS = 1 << 16;
  private static final int MAX_DECIMAL_DIGITS = 10_000;

  private Arithmetic() {}

  /** Applies an operator to numbers or sequences; {@code %} on a text is not among them. */
  public static Object binary(
      RenderContext context, ArithmeticOperator operator, Object left, Object right) {
    requireDefined(left);
    requireDefined(right);
    Number a = Numbers.number(left);
    Number b = Numbers.number(right);
    if (a != null && b != null) {
      return bounded(context, numbers(operator, a, b));
    }
    if (operator == ArithmeticOperator.ADD) {
      return add(context, left, right);
    }
    if (operator == ArithmeticOperator.MULTIPLY) {
      if (isSequence(left) && Numbers.isInteger(right)) {
        return repeat(context, left, Numbers.index(right));
      }
      if (isSequence(right) && Numbers.isInteger(left)) {
        return repeat(context, right, Numbers.index(left));
      }
    }
    throw unsupported(operator, left, right);
  }

  /** Python's {@code %} on numbers. */
  public static Object remainder(Object left, Object right) {
    requireDefined(left);
    requireDefined(right);
    Number a = Numbers.number(left);
    Number b = Numbers.number(right);
    if (a == null || b == null) {
      throw unsupported(ArithmeticOperator.REMAINDER, left, right);
    }
    return numbers(ArithmeticOperator.REMAINDER, a, b);
  }

  public static Object negate(Object operand) {
    Number number = signed("-", operand);
    if (number instanceof Double real) {
      return -real;
    }
    return number instanceof BigDecimal decimal
        ? decimal.negate()
        : Numbers.normal(Numbers.big(number).negate());
  }

  public static Object plus(Object operand) {
    return signed("+", operand);
  }

  private static Number signed(String sign, Object operand) {
    requireDefined(operand);
    Number number = Numbers.number(operand);
    if (number == null) {
      throw EvaluationException.type(
          "bad operand type for unary " + sign + ": '" + TypeNames.of(operand) + "'");
    }
    return number;
  }

  private static void requireDefined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
  }

  private static EvaluationException unsupported(
      ArithmeticOperator operator, Object left, Object right) {
    String a = TypeNames.of(left);
    String b = TypeNames.of(right);
    if (operator == ArithmeticOperator.ADD && isSequence(left)) {
      return EvaluationException.type("can only concatenate " + a + " (not \"" + b + "\") to " + a);
    }
    return EvaluationException.type(
        "unsupported operand type(s) for " + operator.symbol() + ": '" + a + "' and '" + b + "'");
  }

  private static boolean isSequence(Object value) {
    return Values.isText(value) || value instanceof List || value instanceof Tuple;
  }

  /** Python's {@code +} on numbers and sequences. */
  public static Object add(RenderContext context, Object left, Object right) {
    requireDefined(left);
    requireDefined(right);
    Number a = Numbers.number(left);
    Number b = Numbers.number(right);
    if (a != null && b != null) {
      return bounded(context, numbers(ArithmeticOperator.ADD, a, b));
    }
    if (Values.isText(left) && Values.isText(right)) {
      boolean markup = left instanceof Markup || right instanceof Markup;
      TextBuilder text = new TextBuilder(context);
      text.appendText(markup ? HtmlEscaping.escape(context, left) : left);
      text.appendText(markup ? HtmlEscaping.escape(context, right) : right);
      return markup ? new Markup(text.build()) : text.build();
    }
    if (left instanceof List<?> first && right instanceof List<?> second) {
      return joined(context, first, second);
    }
    if (left instanceof Tuple first && right instanceof Tuple second) {
      return new Tuple(joined(context, first.items(), second.items()));
    }
    throw unsupported(ArithmeticOperator.ADD, left, right);
  }

  private static List<Object> joined(RenderContext context, List<?> first, List<?> second) {
    context.budget().list((long) first.size() + second.size());
    List<Object> all = new ArrayList<>(first.size() + second.size());
    all.addAll(first);
    all.addAll(second);
    return all;
  }

  private static Object repeat(RenderContext context, Object sequence, long count) {
    if (Values.isText(sequence)) {
      return Markup.like(sequence, new TextBuilder(context).repeat(sequence, count).build());
    }
    int times = Numbers.clamp(Math.max(0, count));
    List<?> items = sequence instanceof Tuple tuple ? tuple.items() : (List<?>) sequence;
    context.budget().list((long) times * items.size());
    List<Object> all = new ArrayList<>(times * items.size());
    for (int i = 0; !items.isEmpty() && i < times; i++) {
      all.addAll(items);
    }
    return sequence instanceof Tuple ? new Tuple(all) : all;
  }

  private static Object numbers(ArithmeticOperator operator, Number a, Number b) {
    if (a instanceof Long x && b instanceof Long y && operator == ArithmeticOperator.ADD) {
      long sum = x + y;
      if (((x ^ sum) & (y ^ sum)) >= 0) {
        return sum;
      }
    }
    if (a instanceof Double || b instanceof Double) {
      if (a instanceof BigDecimal || b instanceof BigDecimal) {
        throw unsupported(operator, a, b);
      }
      return RealArithmetic.apply(operator, Numbers.real(a), Numbers.real(b));
    }
    if (a instanceof BigDecimal || b instanceof BigDecimal) {
      return decimals(operator, Numbers.decimal(a), Numbers.decimal(b));
    }
    return integers(operator, Numbers.big(a), Numbers.big(b));
  }

  private static Object integers(ArithmeticOperator operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case ADD -> Numbers.normal(a.add(b));
      case SUBTRACT -> Numbers.normal(a.subtract(b));
      case MULTIPLY -> Numbers.normal(bounded(a, b).multiply(b));
      case DIVIDE -> quotient(a, b);
      case FLOOR_DIVIDE ->
          Numbers.normal(floorDivide(a, nonZero(b, "integer division or modulo by zero")));
      case REMAINDER -> {
        nonZero(b, "integer modulo by zero");
        yield Numbers.normal(a.subtract(floorDivide(a, b).multiply(b)));
      }
      case POWER -> power(a, b);
      default -> throw new IllegalStateException("no arithmetic operator: " + operator);
    };
  }

  /** Counts a large integer and refuses a decimal whose digits could not be written out. */
  private static Object bounded(RenderContext context, Object number) {
    if (number instanceof BigInteger integer) {
      context.budget().characters(integer.bitLength());
    } else if (number instanceof BigDecimal decimal
        && Math.abs((long) decimal.precision() - decimal.scale()) > MAX_DECIMAL_DIGITS) {
      throw EvaluationException.limit(
          "a decimal has more than " + MAX_DECIMAL_DIGITS + " digits before or behind its point");
    }
    return number;
  }

  private static BigInteger bounded(BigInteger a, BigInteger b) {
    if ((long) a.bitLength() + b.bitLength() > MAX_BITS) {
      throw EvaluationException.limit("an integer has more than " + MAX_BITS + " bits");
    }
    return a;
  }

  private static BigInteger nonZero(BigInteger divisor, String message) {
    if (divisor.signum() == 0) {
      throw EvaluationException.value(message);
    }
    return divisor;
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.divideAndRemainder(b);
    boolean floorIsLower = parts[1].signum() != 0 && parts[1].signum() != b.signum();
    return floorIsLower ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static Object quotient(BigInteger a, BigInteger b) {
    nonZero(b, "division by zero");
    if (a.bitLength() <= 53 && b.bitLength() <= 53) {
      return a.doubleValue() / b.doubleValue();
    }
    double result =
        new BigDecimal(a)
            .divide(new BigDecimal(b), new MathContext(800, RoundingMode.HALF_EVEN))
            .doubleValue();
    if (Double.isInfinite(result)) {
      throw EvaluationException.value("integer division result too large for a float");
    }
    return result;
  }

  private static Object power(BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      return RealArithmetic.apply(ArithmeticOperator.POWER, Numbers.real(a), Numbers.real(b));
    }
    if (a.abs().bitLength() > 1
        && (b.bitLength() > 31 || a.bitLength() * b.longValue() > MAX_BITS)) {
      throw EvaluationException.limit("an integer has more than " + MAX_BITS + " bits");
    }
    if (a.abs().bitLength() <= 1) {
      boolean odd = b.testBit(0);
      return b.signum() == 0 || a.signum() > 0 ? 1L : a.signum() == 0 ? 0L : odd ? -1L : 1L;
    }
    return Numbers.normal(a.pow(b.intValue()));
  }

  private static Object decimals(ArithmeticOperator operator, BigDecimal a, BigDecimal b) {
    MathContext precision = new MathContext(28, RoundingMode.HALF_EVEN);
    boolean divides =
        operator == ArithmeticOperator.DIVIDE
            || operator == ArithmeticOperator.FLOOR_DIVIDE
            || operator == ArithmeticOperator.REMAINDER;
    if (divides && b.signum() == 0) {
      throw EvaluationException.value("decimal division by zero");
    }
    try {
      return switch (operator) {
        case ADD -> a.add(b, precision);
        case SUBTRACT -> a.subtract(b, precision);
        case MULTIPLY -> a.multiply(b, precision);
        case DIVIDE -> a.divide(b, precision);
        case FLOOR_DIVIDE -> a.divideToIntegralValue(b, precision);
        case REMAINDER -> a.remainder(b, precision);
        case POWER -> a.pow(b.intValueExact(), precision);
        default -> throw new IllegalStateException("no arithmetic operator: " + operator);
      };
    } catch (ArithmeticException e) {
      throw EvaluationException.value("decimal arithmetic failed: " + e.getMessage());
    }
  }
}
