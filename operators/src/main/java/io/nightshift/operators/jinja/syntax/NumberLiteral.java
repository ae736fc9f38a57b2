package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Numbers;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number as a template writes it: decimal, {@code 0x}, {@code 0o} or {@code 0b} integers and
 * floats, with underscores between digits.
 *
 * @param value a Long, BigInteger or Double
 * @param end index after the literal
 */
record NumberLiteral(Object value, int end) {
  private static final Pattern FLOAT =
      Pattern.compile(
          "\\d++(?:_\\d++)*+(?:(?:\\.\\d++(?:_\\d++)*+)?+[eE][+\\-]?\\d++(?:_\\d++)*+"
              + "|\\.\\d++(?:_\\d++)*+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++"
              + "|[1-9](?:_?\\d)*+|0(?:_?0)*+");

  static NumberLiteral read(String source, int from, boolean floatAllowed) {
    Matcher number = FLOAT.matcher(source).region(from, source.length());
    if (floatAllowed && number.lookingAt()) {
      double value = Double.parseDouble(number.group().replace("_", ""));
      return new NumberLiteral(value, number.end());
    }
    number = INTEGER.matcher(source).region(from, source.length());
    if (!number.lookingAt()) {
      throw new IllegalStateException("no digit at " + from);
    }
    String digits = number.group().replace("_", "");
    int radix = 10;
    if (digits.length() > 1) {
      radix =
          switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
          };
    }
    BigInteger value = new BigInteger(radix == 10 ? digits : digits.substring(2), radix);
    return new NumberLiteral(Numbers.normal(value), number.end());
  }
}
