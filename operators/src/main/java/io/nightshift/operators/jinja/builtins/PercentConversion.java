package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.HtmlEscaping;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/**
 * One conversion of a {@code %} format, such as {@code %-8.3f}.
 *
 * @param flags any of {@code -+ #0}
 * @param precision negative if not given
 * @param index of the type in the format, for messages
 */
record PercentConversion(
    RenderContext context, char type, String flags, int width, int precision, int index) {
  private static final int MAX_PRECISION = 10_000;

  /**
   * Converts a value.
   *
   * @param escapes whether to escape the value for HTML
   * @return a String or TrackedText
   */
  Object convert(Object value, boolean escapes) {
    switch (type) {
      case 's', 'r', 'a' -> {
        Object text =
            type == 's'
                ? Representation.string(context, value)
                : Representation.repr(context, value);
        text = type == 'a' ? ascii(context, Values.text(text)) : text;
        if (escapes) {
          text = HtmlEscaping.escape(context, type == 's' ? value : text).content();
        }
        return FormatSpec.cut(text, precision);
      }
      case 'c' -> {
        return character(value);
      }
      case 'd', 'i', 'u' -> {
        return zeros(
            Representation.digits(integer(value).abs()),
            "",
            precision,
            integer(value).signum() < 0);
      }
      case 'x', 'X', 'o' -> {
        BigInteger integer = strictNumber(value, "an integer is required");
        String digits = integer.abs().toString(type == 'o' ? 8 : 16);
        String prefix = flags.indexOf('#') < 0 ? "" : type == 'o' ? "0o" : "0x";
        String text = zeros(digits, prefix, precision, integer.signum() < 0);
        return type == 'X' ? text.toUpperCase(Locale.ROOT) : text;
      }
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        return real(value);
      }
      default ->
          throw EvaluationException.value(
              "unsupported format character '" + type + "' at index " + index);
    }
  }

  private static Object character(Object value) {
    if (Numbers.isInteger(value)) {
      long code = Numbers.index(value);
      if (code < 0 || code > Character.MAX_CODE_POINT) {
        throw EvaluationException.value("%c arg not in range(0x110000)");
      }
      return Character.toString((int) code);
    }
    if (Values.isText(value) && Values.length(value) == 1) {
      return Values.content(value);
    }
    throw EvaluationException.type("%c requires int or char");
  }

  private BigInteger integer(Object value) {
    if (value instanceof Double real) {
      return NumberConversion.integer(real);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toBigInteger();
    }
    return strictNumber(value, "a real number is required");
  }

  private BigInteger strictNumber(Object value, String what) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    Number number = Numbers.number(value);
    if (number == null || !Numbers.isInteger(value)) {
      throw EvaluationException.type(
          "%" + type + " format: " + what + ", not " + TypeNames.of(value));
    }
    return Numbers.big(number);
  }

  private String real(Object value) {
    Number number = Numbers.number(value);
    if (number == null) {
      if (value instanceof Undefined undefined) {
        throw undefined.error();
      }
      throw EvaluationException.type("must be real number, not " + TypeNames.of(value));
    }
    if (precision > MAX_PRECISION) {
      throw EvaluationException.value("a precision is more than " + MAX_PRECISION);
    }
    double real = Numbers.real(number);
    boolean negative = Math.copySign(1, real) < 0 && !Double.isNaN(real);
    String digits;
    if (Double.isNaN(real) || Double.isInfinite(real)) {
      digits = Double.isNaN(real) ? "nan" : "inf";
    } else {
      digits = DecimalDigits.format(new BigDecimal(Math.abs(real)), type, precision);
    }
    String text = zeros(digits, "", -1, negative);
    return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
  }

  private String zeros(String digits, String prefix, int minimum, boolean negative) {
    String sign =
        negative ? "-" : flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "";
    int wanted = minimum;
    if (flags.indexOf('0') >= 0 && flags.indexOf('-') < 0) {
      wanted = Math.max(wanted, width - sign.length() - prefix.length());
    }
    return sign + prefix + "0".repeat(Math.max(0, wanted - digits.length())) + digits;
  }

  /** Escapes what is not ASCII, as Python's {@code ascii}. */
  static String ascii(RenderContext context, String text) {
    TextBuilder escaped = new TextBuilder(context);
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (c < 128) {
        escaped.append((char) c);
      } else {
        escaped.append(PythonText.escape(c));
      }
    }
    return Values.text(escaped.build());
  }
}
