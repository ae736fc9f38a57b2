package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.FloatText;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.HexFormat;
import java.util.List;

/**
 * JSON as Python's {@code json.dumps} writes it. Beyond it, decimals become numbers and dates and
 * times become texts, since columns hold them.
 */
final class JsonWriter {
  private static final int MAX_DEPTH = 400;

  private final RenderContext context;
  private final TextBuilder out;
  private final boolean asciiOnly;
  private final String indent;
  private final boolean indented;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sortKeys;

  private JsonWriter(RenderContext context, Arguments.Bound options) {
    this.context = context;
    this.out = new TextBuilder(context);
    this.asciiOnly = options.isTrue(0, false);
    Object width = options.get(1, None.NONE);
    this.indented = width != None.NONE;
    this.indent =
        !indented ? "" : Values.isText(width) ? Values.text(width) : spaces(context, width);
    Object separators = options.get(2, None.NONE);
    if (separators == None.NONE) {
      this.itemSeparator = indented ? "," : ", ";
      this.keySeparator = ": ";
    } else {
      List<Object> parts = Iteration.list(context, separators);
      if (parts.size() != 2) {
        throw EvaluationException.value("separators must be a pair");
      }
      this.itemSeparator = Values.requireText(parts.get(0));
      this.keySeparator = Values.requireText(parts.get(1));
    }
    this.sortKeys = options.isTrue(3, false);
  }

  private static String spaces(RenderContext context, Object width) {
    long count = Math.max(0, Numbers.index(width));
    return Values.text(new TextBuilder(context).repeat(" ", count).build());
  }

  /** The filter {@code tojson}, which does not escape for HTML. */
  static Object filter(RenderContext context, Object value, Arguments arguments) {
    JsonWriter json =
        new JsonWriter(
            context,
            arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys"));
    json.write(value, 0);
    return json.out.build();
  }

  private void write(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("tojson: the value is nested too deeply");
    }
    if (Values.isText(value)) {
      quote(Values.text(value));
    } else if (value == None.NONE) {
      out.append("null");
    } else if (value instanceof Boolean || value instanceof Long || value instanceof BigDecimal) {
      out.append(value.toString());
    } else if (value instanceof BigInteger integer) {
      out.append(Representation.digits(integer));
    } else if (value instanceof Double real) {
      out.append(number(real));
    } else if (value instanceof List<?> list) {
      writeList(list, depth);
    } else if (value instanceof Tuple tuple) {
      writeList(tuple.items(), depth);
    } else if (value instanceof Dict dict) {
      writeDict(dict, depth);
    } else if (value instanceof Temporal) {
      quote(Representation.text(context, value));
    } else {
      throw EvaluationException.type(
          "Object of type " + TypeNames.of(value) + " is not JSON serializable");
    }
  }

  private static String number(double real) {
    if (Double.isNaN(real)) {
      return "NaN";
    }
    if (Double.isInfinite(real)) {
      return real > 0 ? "Infinity" : "-Infinity";
    }
    return FloatText.repr(real);
  }

  private void writeList(List<?> list, int depth) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        out.append(itemSeparator);
      }
      newLine(depth + 1);
      write(list.get(i), depth + 1);
    }
    newLine(depth);
    out.append(']');
  }

  private void writeDict(Dict dict, int depth) {
    if (dict.size() == 0) {
      out.append("{}");
      return;
    }
    List<Object> keys = dict.keys();
    if (sortKeys) {
      keys = Sorting.sorted(context, keys, key -> key, false);
    }
    out.append('{');
    boolean first = true;
    for (Object key : keys) {
      if (!first) {
        out.append(itemSeparator);
      }
      first = false;
      newLine(depth + 1);
      quote(key(key));
      out.append(keySeparator);
      Object value = dict.get(key);
      write(value == null ? None.NONE : value, depth + 1);
    }
    newLine(depth);
    out.append('}');
  }

  private String key(Object key) {
    if (Values.isText(key)) {
      return Values.text(key);
    }
    if (key == None.NONE) {
      return "null";
    }
    if (key instanceof Boolean || key instanceof Long || key instanceof BigInteger) {
      return key.toString();
    }
    if (key instanceof Double real) {
      return number(real);
    }
    throw EvaluationException.type(
        "keys must be str, int, float, bool or None, not " + TypeNames.of(key));
  }

  private void newLine(int depth) {
    if (indented) {
      out.append('\n').repeat(indent, depth);
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ' || (asciiOnly && c > 126)) {
            out.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
