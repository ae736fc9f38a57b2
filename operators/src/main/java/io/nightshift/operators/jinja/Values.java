package io.nightshift.operators.jinja;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of templates and what Python says about them. In Java a value is {@link None}, a
 * Boolean, a Long or (where that is too small) BigInteger, a Double, a BigDecimal, a String, {@link
 * TemplateText} or {@link Markup}, a List, {@link Tuple}, {@link Dict}, {@link DictView}, {@link
 * Range} or {@link Lazy}, a {@link Namespace}, a {@link LoopContext}, a {@link Callable}, a date or
 * time of java.time, {@link Bytes}, or {@link Undefined}.
 */
final class Values {
  private static final int MAX_DEPTH = 500;

  /** What a variable that is no text, or an element of one, counts as in the budget. */
  private static final int CHARACTERS_OF_ELEMENT = 16;

  private Values() {}

  /** The value of a Java object that a caller handed in, whose size {@code budget} is told. */
  static Object of(@Nullable Object given, Budget budget) {
    return of(given, budget, 0);
  }

  private static Object of(@Nullable Object given, Budget budget, int depth) {
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit(
          "a variable is nested more than " + MAX_DEPTH + " levels deep");
    }
    if (given == null) {
      return None.NONE;
    }
    if (given instanceof String || given instanceof TemplateText) {
      budget.given(given.toString().length());
      return given;
    }
    budget.given(CHARACTERS_OF_ELEMENT);
    if (given instanceof Boolean
        || given instanceof Long
        || given instanceof Double
        || given instanceof BigDecimal
        || given instanceof Temporal) {
      return given;
    }
    if (given instanceof Integer || given instanceof Short || given instanceof Byte) {
      return ((Number) given).longValue();
    }
    if (given instanceof Map<?, ?> map) {
      Dict dict = new Dict();
      map.forEach(
          (key, value) -> dict.put(of(key, budget, depth + 1), of(value, budget, depth + 1)));
      return dict;
    }
    if (given instanceof Collection<?> collection) {
      List<Object> list = new ArrayList<>(collection.size());
      collection.forEach(item -> list.add(of(item, budget, depth + 1)));
      return list;
    }
    return ofRare(given, budget, depth);
  }

  private static Object ofRare(Object given, Budget budget, int depth) {
    if (given instanceof Float number) {
      // The shortest decimal of the float, not the digits that widening it would show.
      return Double.parseDouble(number.toString());
    }
    if (given instanceof BigInteger number) {
      return Numbers.normal(number);
    }
    if (given instanceof CharSequence || given instanceof Character) {
      return given.toString();
    }
    if (given instanceof byte[] bytes) {
      return new Bytes(bytes.clone());
    }
    if (given.getClass().isArray()) {
      int length = Array.getLength(given);
      List<Object> list = new ArrayList<>(length);
      for (int i = 0; i < length; i++) {
        list.add(of(Array.get(given, i), budget, depth + 1));
      }
      return list;
    }
    throw EvaluationException.type(
        "a variable holds a " + given.getClass().getName() + ", which templates have no type for");
  }

  /** Python's truth of a value. */
  static boolean isTrue(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof Number number) {
      return Numbers.sign(number) != 0;
    }
    if (value == None.NONE) {
      return false;
    }
    if (isText(value)) {
      return !text(value).isEmpty();
    }
    return !hasLength(value) || length(value) > 0;
  }

  /** Whether Python's {@code len} works on the value. */
  static boolean hasLength(Object value) {
    return isText(value)
        || value instanceof List
        || value instanceof Dict
        || value instanceof Undefined
        || value instanceof Tuple
        || value instanceof DictView
        || value instanceof Range
        || value instanceof Bytes
        || value instanceof LoopContext;
  }

  /** Python's {@code len}: texts count in code points. */
  static int length(Object value) {
    if (isText(value)) {
      return PythonText.length(text(value));
    }
    if (value instanceof List<?> list) {
      return list.size();
    }
    if (value instanceof Dict dict) {
      return dict.size();
    }
    if (value instanceof Tuple tuple) {
      return tuple.items().size();
    }
    if (value instanceof Undefined undefined) {
      undefined.touch();
      return 0;
    }
    if (value instanceof DictView view) {
      return view.dict().size();
    }
    if (value instanceof Range range) {
      return range.length();
    }
    if (value instanceof Bytes bytes) {
      return bytes.content().length;
    }
    if (value instanceof LoopContext loop) {
      return loop.length();
    }
    throw EvaluationException.type(
        "object of type '" + typeName(value) + "' has no len()" + Unprintable.hint(value));
  }

  /** Roughly how much there is to look at in a value, without looking. */
  static int size(Object value) {
    if (isText(value)) {
      return text(value).length();
    }
    return value instanceof List<?> list
        ? list.size()
        : value instanceof Dict dict
            ? dict.size()
            : value instanceof Tuple tuple
                ? tuple.items().size()
                : value instanceof DictView view ? view.dict().size() : 1;
  }

  static boolean isText(Object value) {
    return value instanceof String || value instanceof TemplateText || value instanceof Markup;
  }

  /** The characters of a value for which {@link #isText} holds, without their origin. */
  static String text(Object value) {
    Object content = content(value);
    return content instanceof TemplateText template ? template.text() : (String) content;
  }

  /** A text with the origin of its characters: a String or TemplateText. */
  static Object content(Object text) {
    return text instanceof Markup markup ? markup.content() : text;
  }

  /** The characters of a text, without their origin; an error for anything else. */
  static String requireText(Object value) {
    return text(requireTextValue(value));
  }

  /** The value itself if it is a text; an error for anything else. */
  static Object requireTextValue(Object value) {
    if (!isText(value)) {
      if (value instanceof Undefined undefined) {
        throw undefined.error();
      }
      throw EvaluationException.type("expected str, got " + typeName(value));
    }
    return value;
  }

  /** What Python calls the type. */
  static String typeName(Object value) {
    if (isText(value)) {
      return value instanceof Markup ? "Markup" : "str";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof Long || value instanceof BigInteger) {
      return "int";
    }
    if (value instanceof Double) {
      return "float";
    }
    if (value instanceof BigDecimal) {
      return "Decimal";
    }
    if (value == None.NONE) {
      return "NoneType";
    }
    if (value instanceof List) {
      return "list";
    }
    if (value instanceof Tuple) {
      return "tuple";
    }
    if (value instanceof DictView view) {
      return view.kind().typeName();
    }
    if (value instanceof Lazy lazy) {
      return lazy.typeName();
    }
    if (value instanceof Method) {
      return "builtin_function_or_method";
    }
    if (value instanceof Callable && !(value instanceof Macro || value instanceof LoopContext)) {
      return "function";
    }
    String name = value.getClass().getSimpleName();
    return value instanceof Dict || value instanceof Range || value instanceof Bytes
        ? name.toLowerCase(Locale.ROOT)
        : name;
  }

  /** The type as messages about undefined attributes name it. */
  static String typeDescription(Object value) {
    if (value == None.NONE) {
      return "None";
    }
    if (value instanceof Macro || value instanceof LoopContext) {
      return "jinja2.runtime." + typeName(value) + " object";
    }
    if (value instanceof Markup) {
      return "markupsafe.Markup object";
    }
    if (value instanceof BigDecimal) {
      return "decimal.Decimal object";
    }
    return typeName(value) + " object";
  }
}
