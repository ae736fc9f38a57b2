package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.Quoting;
import io.nightshift.operators.jinja.runtime.Range;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.List;

/** Formatting with {@code %}, as C's printf: by position from a tuple or by name from a dict. */
final class PercentFormat {
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
    Object text =
        new PercentConversion(context, type, flags, width, precision, position - 1)
            .convert(argument, escapes);
    boolean left = flags.indexOf('-') >= 0;
    out.appendText(StringPaddingMethods.pad(context, text, width, " ", left ? 'l' : 'r'));
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
}
