package io.nightshift.operators.jinja.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Python's {@code str} and {@code repr}. */
public final class Representation {
  private static final int MAX_DEPTH = 400;

  private static final int MAX_DIGITS = 4300;

  /** More than so many bits are surely more than so many digits. */
  private static final int MAX_BITS = MAX_DIGITS * 4;

  private Representation() {}

  /** The characters of {@link #string}. */
  public static String text(RenderContext context, Object value) {
    return Values.text(string(context, value));
  }

  /** Python's {@code str}, what a print tag writes: a String or TrackedText. */
  public static Object string(RenderContext context, Object value) {
    if (Values.isText(value)) {
      return Values.content(value);
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
  public static String repr(RenderContext context, Object value) {
    TextBuilder out = new TextBuilder(context);
    append(context, value, out, 0);
    return Values.text(out.build());
  }

  private static void append(RenderContext context, Object value, TextBuilder out, int depth) {
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("a printed value is nested too deeply");
    }
    if (Values.isText(value) && !(value instanceof Markup)) {
      Quoting.append(Values.text(value), out);
    } else if (value instanceof Long) {
      out.append(value.toString());
    } else if (value instanceof Boolean bool) {
      out.append(name(bool));
    } else if (value instanceof Double real) {
      out.append(FloatText.repr(real));
    } else if (value == None.NONE) {
      out.append("None");
    } else if (value instanceof List<?> list) {
      appendAll(context, list, "[", "]", out, depth);
    } else if (value instanceof Dict dict) {
      append(context, dict, out, depth);
    } else if (value instanceof Tuple tuple) {
      String close = tuple.items().size() == 1 ? ",)" : ")";
      appendAll(context, tuple.items(), "(", close, out, depth);
    } else if (value instanceof BigInteger integer) {
      out.append(digits(integer));
    } else {
      appendRare(context, value, out, depth);
    }
  }

  private static void appendRare(RenderContext context, Object value, TextBuilder out, int depth) {
    if (value instanceof Undefined) {
      out.append("Undefined");
    } else if (value instanceof Markup markup) {
      Quoting.append(Values.text(markup), out.append("Markup("));
      out.append(')');
    } else if (value instanceof BigDecimal decimal) {
      out.append("Decimal('").append(decimal.toString()).append("')");
    } else if (value instanceof Range range) {
      out.append("range(" + range.start() + ", " + range.stop());
      out.append(range.step() == 1 ? ")" : ", " + range.step() + ")");
    } else if (value instanceof DictView view) {
      out.append(view.kind().typeName()).append('(');
      appendAll(context, view.elements(context.budget()), "[", "]", out, depth);
      out.append(')');
    } else if (value instanceof Namespace namespace) {
      append(context, namespace.attributes(), out.append("<Namespace "), depth + 1);
      out.append('>');
    } else if (value instanceof Temporal time) {
      out.append(DateTimeText.text(time));
    } else if (value instanceof Bytes bytes) {
      bytes.appendTo(out);
    } else {
      UnaryOperator<String> reason =
          value instanceof PythonObject object
              ? object::unprintableReason
              : name -> name + " is a " + TypeNames.of(value) + " and has no text";
      throw EvaluationException.printed(reason);
    }
  }

  private static void append(RenderContext context, Dict dict, TextBuilder out, int depth) {
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
      RenderContext context, List<?> items, String open, String close, TextBuilder out, int depth) {
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
  public static String digits(BigInteger integer) {
    if (integer.bitLength() > MAX_BITS) {
      throw tooManyDigits();
    }
    String digits = integer.toString();
    if (digits.length() - (integer.signum() < 0 ? 1 : 0) > MAX_DIGITS) {
      throw tooManyDigits();
    }
    return digits;
  }

  private static EvaluationException tooManyDigits() {
    return EvaluationException.value(
        "Exceeds the limit (" + MAX_DIGITS + " digits) for integer string conversion");
  }
}
