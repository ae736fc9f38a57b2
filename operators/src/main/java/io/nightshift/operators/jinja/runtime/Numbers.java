package io.nightshift.operators.jinja.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Python's numbers in Java: Long or BigInteger, Double, BigDecimal; booleans count as 0 and 1. */
public final class Numbers {
  private Numbers() {}

  /** A Long if the value fits. */
  public static Number normal(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      return value.longValue();
    }
    return value;
  }

  /** The value as a number, or null if it is none. */
  public static @Nullable Number number(Object value) {
    if (value instanceof Number number) {
      return number;
    }
    if (value instanceof Boolean bool) {
      return bool ? 1L : 0L;
    }
    return null;
  }

  public static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
  }

  public static int sign(Number number) {
    if (number instanceof Long integer) {
      return Long.signum(integer);
    }
    if (number instanceof Double real) {
      return real > 0 || real.isNaN() ? 1 : real < 0 ? -1 : 0;
    }
    return number instanceof BigInteger integer ? integer.signum() : ((BigDecimal) number).signum();
  }

  public static BigInteger big(Number integer) {
    return integer instanceof BigInteger big ? big : BigInteger.valueOf(integer.longValue());
  }

  static BigDecimal decimal(Number number) {
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(big(number));
  }

  /** The number as a float; an integer that is too large for one is an error. */
  public static double real(Number number) {
    double real = number.doubleValue();
    if (Double.isInfinite(real) && !(number instanceof Double)) {
      throw EvaluationException.value("int too large to convert to float");
    }
    return real;
  }

  /** An integer used as a count, which must fit Python's machine integers. */
  static long count(Object value) {
    if (value instanceof BigInteger) {
      throw EvaluationException.value("Python int too large to convert to C ssize_t");
    }
    return index(value);
  }

  /** An integer used as a position, of which those beyond all lengths are alike. */
  public static long index(Object value) {
    if (value instanceof Long integer) {
      return integer;
    }
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    if (value instanceof BigInteger big) {
      return big.signum() > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw EvaluationException.type(
        "'" + TypeNames.of(value) + "' object cannot be interpreted as an integer");
  }

  /** A count, cut to what fits an int. */
  public static int clamp(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }

  /** Compares two numbers exactly; neither may be NaN. */
  static int compare(Number left, Number right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    double a = left.doubleValue();
    double b = right.doubleValue();
    boolean exact = left instanceof Double && right instanceof Double;
    if (exact || Double.isInfinite(a) || Double.isInfinite(b)) {
      boolean bothHuge = Double.isInfinite(a) && a == b && !exact;
      if (!bothHuge) {
        return a < b ? -1 : a > b ? 1 : 0;
      }
      if (left instanceof Double || right instanceof Double) {
        return left instanceof Double ? (a > 0 ? 1 : -1) : (a > 0 ? -1 : 1);
      }
    }
    return decimal(left).compareTo(decimal(right));
  }

  static boolean isNaN(Number number) {
    return number instanceof Double real && real.isNaN();
  }
}
