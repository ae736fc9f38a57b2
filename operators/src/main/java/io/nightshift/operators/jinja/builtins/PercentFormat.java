package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.HtmlEscaping;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.Quoting;
import io.nightshift.operators.jinja.runtime.Range;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** Formatting with {@code %}, as C's printf: by position from a tuple or by name from a dict. */
final class PercentFormat {
  private static final int MAX_PRECISION = 10_000;
  private static final int MAX_SIZE = 1 << 30;

  private final RenderContext context;
  private final Object arguments;
  private final boolean escapes;
  private final Object source;
  private final String pattern;
  private final TextBuilder out;
  private int position;
  private int used;
  private boolean named;

  private PercentFormat(RenderContext context, Object pattern, Object arguments) {
    this.context = context;
    this.source = pattern;
    this.pattern = Values.text(pattern);
    this.out = new TextBuilder(context);
    this.escapes = pattern instanceof Markup;
    this.arguments = arguments;
  }

  static Object format(RenderContext context, Object pattern, Object arguments) {
    return Markup.like(pattern, new PercentFormat(context, pattern, arguments).run());
  }

  private Object run() {
    while (position < pattern.length()) {
      int percent = pattern.indexOf('%', position);
      if (percent < 0) {
        out.appendText(source, position, pattern.length());
        break;
      }
      out.appendText(source, position, percent);
      position = percent + 1;
      directive();
    }
    boolean mapping =
        arguments instanceof Dict
            || arguments instanceof List
            || arguments instanceof Undefined
            || arguments instanceof Range;
    int given = arguments instanceof Tuple tuple ? tuple.items().size() : mapping ? used : 1;
    if (!named && used < given) {
      throw EvaluationException.type("not all arguments converted during string formatting");
    }
    return out.build();
  }

  private void directive() {
    Object value = Missing.MISSING;
    if (peek() == '(') {
      value = byName();
    }
    String flags = flags();
    int width = number();
    if (width < 0) {
      width = -width;
      flags += "-";
    }
    int precision = -1;
    if (peek() == '.') {
      position++;
      precision = Math.max(0, number());
    }
    while ("hlL".indexOf(peek()) >= 0) {
      position++;
    }
    char type = peek();
    if (type == 0) {
      throw EvaluationException.value("incomplete format");
    }
    position++;
    if (type == '%') {
      out.appendText(source, position - 1, position);
      return;
    }
    context.budget().characters(Math.max(width, precision));
    Object argument = value == Missing.MISSING ? next() : value;
    Object text = convert(type, flags, precision, width, argument);
    boolean left = flags.indexOf('-') >= 0;
    out.appendText(Padding.pad(context, text, width, " ", left ? 'l' : 'r'));
  }

  private Object byName() {
    int open = 1;
    int start = ++position;
    while (open > 0) {
      char c = peek();
      if (c == 0) {
        throw EvaluationException.value("incomplete format key");
      }
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      position++;
    }
    if (arguments instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (!(arguments instanceof Dict dict)) {
      throw EvaluationException.type("format requires a mapping");
    }
    String name = pattern.substring(start, position - 1);
    Object value = dict.get(name);
    if (value == null) {
      throw EvaluationException.value("the format has no value for " + Quoting.quote(name));
    }
    named = true;
    return value;
  }

  private String flags() {
    int start = position;
    while (peek() != 0 && "-+ #0".indexOf(peek()) >= 0) {
      position++;
    }
    return pattern.substring(start, position);
  }

  private int number() {
    if (peek() == '*') {
      position++;
      Object value = next();
      if (!Numbers.isInteger(value)) {
        throw EvaluationException.type("* wants int");
      }
      return (int) checked(Numbers.index(value));
    }
    long value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = checked(value * 10 + (peek() - '0'));
      position++;
    }
    return (int) value;
  }

  /** A width or precision, if a text of that size can be built at all. */
  private static long checked(long size) {
    if (Math.abs(size) > MAX_SIZE) {
      throw EvaluationException.limit(
          "a format is more than " + MAX_SIZE + " characters or elements wide");
    }
    return size;
  }

  private char peek() {
    return position < pattern.length() ? pattern.charAt(position) : 0;
  }

  private Object next() {
    if (arguments instanceof Tuple tuple) {
      if (used < tuple.items().size()) {
        return tuple.items().get(used++);
      }
    } else if (used == 0 && !named) {
      used++;
      return arguments;
    }
    throw EvaluationException.type("not enough arguments for format string");
  }

  private Object convert(char type, String flags, int precision, int width, Object value) {
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
            Representation.digits(integer(type, value).abs()),
            "",
            precision,
            flags,
            width,
            integer(type, value).signum() < 0);
      }
      case 'x', 'X', 'o' -> {
        BigInteger integer = strictInteger(type, value);
        String digits = integer.abs().toString(type == 'o' ? 8 : 16);
        String prefix = flags.indexOf('#') < 0 ? "" : type == 'o' ? "0o" : "0x";
        String text = zeros(digits, prefix, precision, flags, width, integer.signum() < 0);
        return type == 'X' ? text.toUpperCase(Locale.ROOT) : text;
      }
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        return real(type, flags, precision, width, value);
      }
      default ->
          throw EvaluationException.value(
              "unsupported format character '" + type + "' at index " + (position - 1));
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

  private static BigInteger integer(char type, Object value) {
    if (value instanceof Double real) {
      return NumberConversion.integer(real);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toBigInteger();
    }
    return strictNumber(type, value, "a real number is required");
  }

  private static BigInteger strictInteger(char type, Object value) {
    return strictNumber(type, value, "an integer is required");
  }

  private static BigInteger strictNumber(char type, Object value, String what) {
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

  private String real(char type, String flags, int precision, int width, Object value) {
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
      digits = FormatSpec.decimal(new BigDecimal(Math.abs(real)), type, precision);
    }
    String text = zeros(digits, "", -1, flags, width, negative);
    return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
  }

  private static String zeros(
      String digits, String prefix, int precision, String flags, int width, boolean negative) {
    String sign =
        negative ? "-" : flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "";
    int wanted = precision;
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
