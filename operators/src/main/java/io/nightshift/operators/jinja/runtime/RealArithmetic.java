package io.nightshift.operators.jinja.runtime;

/** Python's arithmetic on floats, where it differs from Java's: remainders, zero, overflow. */
final class RealArithmetic {
  private RealArithmetic() {}

  static double apply(ArithmeticOperator operator, double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / nonZero(b, "float division by zero");
      case FLOOR_DIVIDE -> floorDivide(a, nonZero(b, "float floor division by zero"));
      case REMAINDER -> modulo(a, nonZero(b, "float modulo"));
      case POWER -> power(a, b);
      default -> throw new IllegalStateException("no arithmetic operator: " + operator);
    };
  }

  private static double nonZero(double divisor, String message) {
    if (divisor == 0) {
      throw EvaluationException.value(message);
    }
    return divisor;
  }

  /** The remainder with the sign of the divisor. */
  private static double modulo(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0.0, b);
    }
    return (b < 0) != (remainder < 0) ? remainder + b : remainder;
  }

  private static double floorDivide(double a, double b) {
    double remainder = a % b;
    double quotient = (a - remainder) / b;
    if (remainder != 0 && (b < 0) != (remainder < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double power(double a, double b) {
    if (a == 1 || b == 0) {
      return 1;
    }
    if (a == 0 && b < 0) {
      throw EvaluationException.value("0.0 cannot be raised to a negative power");
    }
    if (a < 0 && !Double.isInfinite(a) && !Double.isInfinite(b) && b != Math.rint(b)) {
      throw EvaluationException.value("the power is a complex number, which is not supported");
    }
    if (a == -1 && Double.isInfinite(b)) {
      return 1;
    }
    double result = Math.pow(a, b);
    if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw EvaluationException.value("(34, 'Numerical result out of range')");
    }
    return result;
  }
}
