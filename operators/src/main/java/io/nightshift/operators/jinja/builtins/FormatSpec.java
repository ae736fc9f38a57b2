package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.FloatText;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.TrackedText;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's format specification: {@code [[fill]align][sign][#][0][width][,][.precision][type]}. */
final class FormatSpec {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d+)?([,_])?(?:\\.(\\d+))?([a-zA-Z%])?",
          Pattern.DOTALL);
  private static final int MAX_PRECISION = 10_000;

  private final String fill;
  private final char align;
  private final boolean zeroFilled;
  private final char sign;
  private final boolean alternate;
  private final int width;
  private final String grouping;
  private final int precision;
  private final char type;

  private FormatSpec(RenderContext context, Matcher match) {
    boolean zero = match.group(5) != null;
    String given = match.group(2);
    this.align = given == null ? 0 : given.charAt(0);
    this.zeroFilled = zero && given == null;
    String filler = match.group(1);
    this.fill = filler != null ? filler : zero ? "0" : " ";
    String mark = match.group(3);
    this.sign = mark == null ? '-' : mark.charAt(0);
    this.alternate = match.group(4) != null;
    this.width = number(match.group(6));
    // Digits with separators, signs and padding are built of several parts.
    context.budget().characters(4L * width);
    String group = match.group(7);
    this.grouping = group == null ? "" : group;
    if ((grouping.equals(",") && "bcnosxX".indexOf(letterOf(match)) >= 0)
        || (grouping.equals("_") && "cns".indexOf(letterOf(match)) >= 0)) {
      throw EvaluationException.value(
          "Cannot specify '" + grouping + "' with '" + letterOf(match) + "'.");
    }
    this.precision = match.group(8) == null ? -1 : number(match.group(8));
    if (precision > MAX_PRECISION) {
      throw EvaluationException.value("a precision is more than " + MAX_PRECISION);
    }
    this.type = letterOf(match);
  }

  private static char letterOf(Matcher match) {
    String letter = match.group(9);
    return letter == null ? 0 : letter.charAt(0);
  }

  private static int number(@Nullable String digits) {
    if (digits == null) {
      return 0;
    }
    if (digits.length() > 9) {
      throw EvaluationException.value("Too many decimal digits in format string");
    }
    return Integer.parseInt(digits);
  }

  /** Formats a value as {@code format(value, specification)} does. */
  static Object format(RenderContext context, Object value, String specification) {
    if (specification.isEmpty()) {
      return Representation.string(context, value);
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    Matcher match = GRAMMAR.matcher(specification);
    if (!match.matches()) {
      throw EvaluationException.value(
          "Invalid format specifier '"
              + specification
              + "' for object of type '"
              + TypeNames.of(value)
              + "'");
    }
    FormatSpec spec = new FormatSpec(context, match);
    Number number = Numbers.number(value);
    if (Values.isText(value)) {
      return spec.text(context, Values.content(value));
    }
    if (number == null) {
      throw EvaluationException.type(
          "unsupported format string passed to " + TypeNames.of(value) + ".__format__");
    }
    return Numbers.isInteger(value) && "eEfFgG%".indexOf(spec.type) < 0
        ? spec.integer(context, Numbers.big(number))
        : spec.real(context, number);
  }

  private Object text(RenderContext context, Object text) {
    if ((type != 0 && type != 's') || sign != '-' || align == '=' || !grouping.isEmpty()) {
      throw EvaluationException.value("a text cannot have this number's format");
    }
    Object shown = cut(text, precision);
    return aligned(context, "", shown, align == 0 ? '<' : align);
  }

  /** The first {@code precision} characters, or all if that is negative. */
  static Object cut(Object text, int precision) {
    String characters = Values.text(text);
    return precision >= 0 && precision < PythonText.length(characters)
        ? TrackedText.substring(text, 0, characters.offsetByCodePoints(0, precision))
        : text;
  }

  private Object integer(RenderContext context, BigInteger value) {
    if (precision >= 0) {
      throw EvaluationException.value("Precision not allowed in integer format specifier");
    }
    BigInteger magnitude = value.abs();
    int group = 3;
    String prefix = "";
    String digits;
    switch (type) {
      case 0, 'd', 'n' -> digits = Representation.digits(magnitude);
      case 'b' -> {
        digits = magnitude.toString(2);
        prefix = "0b";
        group = 4;
      }
      case 'o' -> {
        digits = magnitude.toString(8);
        prefix = "0o";
        group = 4;
      }
      case 'x', 'X' -> {
        digits = magnitude.toString(16);
        prefix = "0x";
        group = 4;
        if (type == 'X') {
          digits = digits.toUpperCase(Locale.ROOT);
          prefix = "0X";
        }
      }
      case 'c' -> {
        if (!Character.isValidCodePoint(Numbers.clamp(value.longValue()))) {
          throw EvaluationException.value("%c arg not in range(0x110000)");
        }
        return aligned(context, "", Character.toString(value.intValue()), align == 0 ? '<' : align);
      }
      default -> throw unknown("int");
    }
    String lead = sign(value.signum() < 0) + (alternate ? prefix : "");
    return aligned(context, lead, grouped(digits, group, lead), numberAlign());
  }

  private Object real(RenderContext context, Number number) {
    if (type != 0 && "eEfFgG%n".indexOf(type) < 0) {
      throw unknown(number instanceof BigDecimal ? "decimal" : "float");
    }
    boolean negative;
    String digits;
    if (number instanceof Double || number instanceof Long || number instanceof BigInteger) {
      double real = Numbers.real(number);
      negative = Math.copySign(1, real) < 0 && !Double.isNaN(real);
      digits = digits(Math.abs(real));
    } else {
      BigDecimal decimal = (BigDecimal) number;
      negative = decimal.signum() < 0;
      digits =
          type == 0 && precision < 0
              ? decimal.abs().toString()
              : DecimalDigits.format(decimal.abs(), type == 0 ? 'g' : type, precision);
    }
    String lead = sign(negative);
    int point = digits.indexOf('.');
    int exponent = digits.indexOf('e');
    int end = point >= 0 ? point : exponent >= 0 ? exponent : digits.length();
    String whole = digits.substring(0, end);
    boolean plain = !whole.isEmpty() && Character.isDigit(whole.charAt(0));
    String tail = digits.substring(end);
    String shown = (plain ? grouped(whole, 3, lead + tail) : whole) + tail;
    String result = Values.text(aligned(context, lead, shown, numberAlign()));
    return Character.isUpperCase(type) ? result.toUpperCase(Locale.ROOT) : result;
  }

  private String digits(double real) {
    if (Double.isNaN(real) || Double.isInfinite(real)) {
      String name = Double.isNaN(real) ? "nan" : "inf";
      return type == '%' ? name + "%" : name;
    }
    if (type == 0 && precision < 0) {
      return FloatText.repr(real);
    }
    if (type == '%') {
      return DecimalDigits.format(new BigDecimal(real * 100), 'f', precision) + "%";
    }
    String text = DecimalDigits.format(new BigDecimal(real), type == 0 ? 'g' : type, precision);
    boolean bare = text.indexOf('.') < 0 && text.indexOf('e') < 0;
    return type == 0 && bare ? withPoint(real, text) : text;
  }

  /** Without a type, a float keeps one digit after its point, or gets an exponent. */
  private String withPoint(double real, String text) {
    return text.length() >= Math.max(1, precision)
        ? DecimalDigits.format(new BigDecimal(real), 'e', text.length() - 1)
            .replaceFirst("\\.?0*e", "e")
        : text + ".0";
  }

  private char numberAlign() {
    return align != 0 ? align : zeroFilled ? '=' : '>';
  }

  private String sign(boolean negative) {
    return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
  }

  /** Digits with separators; with zeros as filling those are part of the grouped number. */
  private String grouped(String digits, int size, String rest) {
    if (grouping.isEmpty()) {
      return digits;
    }
    int count = digits.length();
    if (numberAlign() == '=' && fill.equals("0")) {
      int room = width - rest.length();
      // As many as fill the room together with a separator before each full group.
      count = Math.max(count, room - Math.max(0, room - 1) / (size + 1));
    }
    String all = "0".repeat(count - digits.length()) + digits;
    StringBuilder out = new StringBuilder(count + count / size + 1);
    for (int i = 0; i < count; i++) {
      if (i > 0 && (count - i) % size == 0) {
        out.append(grouping);
      }
      out.append(all.charAt(i));
    }
    return out.toString();
  }

  private Object aligned(RenderContext context, String lead, Object body, char where) {
    long missing = (long) width - lead.length() - Values.length(body);
    long left = where == '<' || where == '=' ? 0 : where == '>' ? missing : missing / 2;
    TextBuilder out = new TextBuilder(context).repeat(fill, left).append(lead);
    if (where == '=') {
      return out.repeat(fill, missing).appendText(body).build();
    }
    return out.appendText(body).repeat(fill, missing - left).build();
  }

  private EvaluationException unknown(String kind) {
    return EvaluationException.value(
        "Unknown format code '" + type + "' for object of type '" + kind + "'");
  }
}
