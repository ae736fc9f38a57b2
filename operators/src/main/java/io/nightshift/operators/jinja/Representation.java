package io.nightshift.operators.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Python's {@code str} and {@code repr}. */
final class Representation {
  private static final int MAX_DEPTH = 400;
  private static final int MAX_DIGITS = 4300;

  private Representation() {}

  /** Python's {@code str}: what a print tag writes. */
  static String text(RenderContext context, Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Markup markup) {
      return markup.text();
    }
    if (value instanceof Undefined undefined) {
      undefined.touch();
      return "";
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toString();
    }
    if (value == None.NONE) {
      context.printNone();
    }
    return repr(context, value);
  }

  /** Python's {@code repr}: how a value looks inside a printed list. */
  static String repr(RenderContext context, Object value) {
    StringBuilder out = new StringBuilder();
    append(context, value, out, 0);
    return out.toString();
  }

  private static void append(RenderContext context, Object value, StringBuilder out, int depth) {
    context.checkSize(out.length());
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("a printed value is nested too deeply");
    }
    if (value instanceof String text) {
      quote(text, out);
    } else if (value instanceof Long) {
      out.append(value);
    } else if (value instanceof Boolean bool) {
      out.append(name(bool));
    } else if (value instanceof Double real) {
      out.append(FloatText.repr(real));
    } else if (value == None.NONE) {
      out.append("None");
    } else if (value instanceof List<?> list) {
      appendAll(context, list, '[', ']', out, depth);
    } else if (value instanceof Dict dict) {
      append(context, dict, out, depth);
    } else if (value instanceof Tuple tuple) {
      appendAll(context, tuple.items(), '(', ')', out, depth);
      if (tuple.items().size() == 1) {
        out.insert(out.length() - 1, ',');
      }
    } else if (value instanceof BigInteger integer) {
      out.append(digits(integer));
    } else {
      appendRare(context, value, out, depth);
    }
  }

  private static void appendRare(
      RenderContext context, Object value, StringBuilder out, int depth) {
    if (value instanceof Undefined) {
      out.append("Undefined");
    } else if (value instanceof Markup markup) {
      quote(markup.text(), out.append("Markup("));
      out.append(')');
    } else if (value instanceof BigDecimal decimal) {
      out.append("Decimal('").append(decimal).append("')");
    } else if (value instanceof Range range) {
      out.append("range(").append(range.start()).append(", ").append(range.stop());
      out.append(range.step() == 1 ? ")" : ", " + range.step() + ")");
    } else if (value instanceof DictView view) {
      out.append(view.kind().typeName()).append('(');
      appendAll(context, view.elements(), '[', ']', out, depth);
      out.append(')');
    } else if (value instanceof Namespace namespace) {
      append(context, namespace.attributes(), out.append("<Namespace "), depth + 1);
      out.append('>');
    } else if (value instanceof Temporal time) {
      out.append(Times.text(time));
    } else if (value instanceof Lazy lazy) {
      out.append('<').append(lazy.typeName()).append(" object>");
    } else {
      out.append(value);
    }
  }

  private static void append(RenderContext context, Dict dict, StringBuilder out, int depth) {
    out.append('{');
    Iterator<Object> values = dict.values().iterator();
    String separator = "";
    for (Object key : dict.keys()) {
      append(context, key, out.append(separator), depth + 1);
      append(context, values.next(), out.append(": "), depth + 1);
      separator = ", ";
    }
    out.append('}');
  }

  private static void appendAll(
      RenderContext context, List<?> items, char open, char close, StringBuilder out, int depth) {
    out.append(open);
    String separator = "";
    for (Object item : items) {
      append(context, item, out.append(separator), depth + 1);
      separator = ", ";
    }
    out.append(close);
  }

  private static String name(boolean bool) {
    return bool ? "True" : "False";
  }

  /** The decimal digits, of which Python writes at most {@value #MAX_DIGITS}. */
  static String digits(BigInteger integer) {
    String digits = integer.toString();
    if (digits.length() - (integer.signum() < 0 ? 1 : 0) > MAX_DIGITS) {
      throw EvaluationException.value(
          "Exceeds the limit (" + MAX_DIGITS + " digits) for integer string conversion");
    }
    return digits;
  }

  /** Python's {@code repr} of a text. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  private static void quote(String text, StringBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints().forEach(c -> escape(c, quote, out));
    out.append(quote);
  }

  private static void escape(int c, char quote, StringBuilder out) {
    if (c == quote || c == '\\') {
      out.append('\\').append((char) c);
    } else if (c == '\n') {
      out.append("\\n");
    } else if (c == '\r') {
      out.append("\\r");
    } else if (c == '\t') {
      out.append("\\t");
    } else if (PythonText.isPrintable(c)) {
      out.appendCodePoint(c);
    } else if (c < 0x100) {
      out.append(String.format(Locale.ROOT, "\\x%02x", c));
    } else if (c < 0x10000) {
      out.append(String.format(Locale.ROOT, "\\u%04x", c));
    } else {
      out.append(String.format(Locale.ROOT, "\\U%08x", c));
    }
  }
}
