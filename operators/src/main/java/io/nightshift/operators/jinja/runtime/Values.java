package io.nightshift.operators.jinja.runtime;

import java.util.List;

/**
 * The values of templates and what Python says about them. In Java a value is {@link None}, a
 * Boolean, a Long or (if that is too small) BigInteger, a Double, a BigDecimal, a String, {@link
 * TrackedText} or {@link Markup}, a List, {@link Tuple}, {@link Dict}, {@link DictView}, {@link
 * Range} or {@link LazyIterator}, a {@link Namespace}, a {@link Callable} (a function, method,
 * macro or loop), a date or time of java.time, {@link Bytes}, or {@link Undefined}.
 */
public final class Values {
  private Values() {}

  /** Python's truth of a value. */
  public static boolean isTrue(Object value) {
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
  public static boolean hasLength(Object value) {
    return isText(value)
        || value instanceof List
        || (value instanceof PythonObject object && object.hasLength());
  }

  /** Python's {@code len}: texts count in code points. */
  public static int length(Object value) {
    if (isText(value)) {
      return PythonText.length(text(value));
    }
    if (value instanceof List<?> list) {
      return list.size();
    }
    if (value instanceof PythonObject object && object.hasLength()) {
      return object.length();
    }
    throw EvaluationException.type(
        "object of type '" + TypeNames.of(value) + "' has no len()" + misuseHint(value));
  }

  /** What to append to the message about a misuse of a value; may be empty. */
  static String misuseHint(Object value) {
    return value instanceof PythonObject object ? object.misuseHint() : "";
  }

  /** Approximate number of characters or elements of a value, without looking at them. */
  public static int size(Object value) {
    if (isText(value)) {
      return text(value).length();
    }
    if (value instanceof List<?> list) {
      return list.size();
    }
    return value instanceof PythonObject object ? object.size() : 1;
  }

  public static boolean isText(Object value) {
    return value instanceof String || value instanceof TrackedText || value instanceof Markup;
  }

  /** The characters of a value for which {@link #isText} holds, without their origin. */
  public static String text(Object value) {
    Object content = content(value);
    return content instanceof TrackedText template ? template.text() : (String) content;
  }

  /** A text with the origin of its characters: a String or TrackedText. */
  public static Object content(Object text) {
    return text instanceof Markup markup ? markup.content() : text;
  }

  /** The characters of a text, without their origin; an error for anything else. */
  public static String requireText(Object value) {
    return text(requireTextValue(value));
  }

  /** The value itself if it is a text; an error for anything else. */
  public static Object requireTextValue(Object value) {
    if (!isText(value)) {
      if (value instanceof Undefined undefined) {
        throw undefined.error();
      }
      throw EvaluationException.type("expected str, got " + TypeNames.of(value));
    }
    return value;
  }
}
