package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code int(x)} and {@code float(x)}. */
final class NumberConversion {
  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(?:(?:\\d(?:_?\\d)*+)(?:\\.(?:\\d(?:_?\\d)*+)?)?|\\.\\d(?:_?\\d)*+)"
              + "(?:[eE][+-]?\\d(?:_?\\d)*+)?");
  private static final Pattern INTEGER =
      Pattern.compile("([+-]?)(0[xX]_?|0[oO]_?|0[bB]_?)?([0-9a-zA-Z](?:_?[0-9a-zA-Z])*+)");
  private static final int MAX_DIGITS = 4300;

  private NumberConversion() {}

  /** The integer part of a float. */
  static BigInteger integer(double real) {
    if (Double.isNaN(real) || Double.isInfinite(real)) {
      throw EvaluationException.value(
          "cannot convert float " + (Double.isNaN(real) ? "NaN" : "infinity") + " to integer");
    }
    return new BigDecimal(real).toBigInteger();
  }

  /**
   * The number that a text holds, or {@link Missing#MISSING}.
   *
   * @param base 2 to 36, or 0 to go by the prefix
   */
  static Object integer(String text, int base) {
    Matcher match = INTEGER.matcher(plain(text));
    if (!match.matches()) {
      return Missing.MISSING;
    }
    String prefix = match.group(2) == null ? "" : match.group(2);
    int radix = prefix.isEmpty() ? base : radix(prefix);
    String digits = match.group(3);
    if (!prefix.isEmpty() && base != 0 && base != radix) {
      // Under another base the letter of the prefix is a digit like others.
      radix = base;
      digits = prefix + digits;
    }
    if (radix == 0) {
      boolean leadingZero = digits.startsWith("0") && !digits.replace("_", "").matches("0+");
      if (leadingZero) {
        return Missing.MISSING;
      }
      radix = 10;
    }
    String plain = digits.replace("_", "");
    if (plain.length() > MAX_DIGITS) {
      return Missing.MISSING;
    }
    try {
      BigInteger value = new BigInteger(plain, radix);
      return Numbers.normal("-".equals(match.group(1)) ? value.negate() : value);
    } catch (NumberFormatException e) {
      return Missing.MISSING;
    }
  }

  /** The text without spaces around it and with the digits of all scripts in ASCII. */
  private static String plain(String text) {
    StringBuilder out = new StringBuilder();
    int end = PythonText.rightTrimmed(text, text.length());
    text.substring(Math.min(end, PythonText.leftTrimmed(text)), end)
        .codePoints()
        .forEach(c -> out.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
    return out.toString();
  }

  private static int radix(String prefix) {
    return switch (prefix.charAt(1)) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      default -> 2;
    };
  }

  /** The float that a value is or holds, or {@link Missing#MISSING}. */
  static Object real(Object value) {
    if (Values.isText(value)) {
      String text = plain(Values.text(value));
      if (FLOAT.matcher(text).matches()) {
        return Double.parseDouble(text.replace("_", ""));
      }
      String name = LetterCase.lower(text).replaceFirst("^[+-]", "");
      boolean negative = text.startsWith("-");
      return switch (name) {
        case "nan" -> Double.NaN;
        case "inf", "infinity" -> negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        default -> Missing.MISSING;
      };
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    Number number = Numbers.number(value);
    return number == null ? Missing.MISSING : (Object) Numbers.real(number);
  }
}
