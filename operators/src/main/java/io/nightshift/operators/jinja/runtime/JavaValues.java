package io.nightshift.operators.jinja.runtime;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts the Java objects of a rendering's variables to values of templates. */
public final class JavaValues {
  private static final int MAX_DEPTH = 500;

  /** Cost of a variable that is not a text, or of one of its elements, in characters. */
  private static final int CHARACTERS_OF_ELEMENT = 16;

  private JavaValues() {}

  /** Converts a variable and adds its size to what {@code budget} allows. */
  public static Object convert(@Nullable Object given, Budget budget) {
    return convert(given, budget, 0);
  }

  private static Object convert(@Nullable Object given, Budget budget, int depth) {
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit(
          "a variable is nested more than " + MAX_DEPTH + " levels deep");
    }
    if (given == null) {
      return None.NONE;
    }
    if (given instanceof String text) {
      budget.given(text.length());
      return text;
    }
    if (given instanceof TextWithLiterals text) {
      budget.given(text.text().length());
      return new TrackedText(text.text(), text.literals());
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
          (key, value) ->
              dict.put(convert(key, budget, depth + 1), convert(value, budget, depth + 1)));
      return dict;
    }
    if (given instanceof Collection<?> collection) {
      List<Object> list = new ArrayList<>(collection.size());
      collection.forEach(item -> list.add(convert(item, budget, depth + 1)));
      return list;
    }
    return convertRare(given, budget, depth);
  }

  private static Object convertRare(Object given, Budget budget, int depth) {
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
        list.add(convert(Array.get(given, i), budget, depth + 1));
      }
      return list;
    }
    throw EvaluationException.type(
        "a variable holds a " + given.getClass().getName() + ", which templates have no type for");
  }
}
