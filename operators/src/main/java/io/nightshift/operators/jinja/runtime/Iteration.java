package io.nightshift.operators.jinja.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Python's iteration. */
public final class Iteration {
  private Iteration() {}

  public static boolean isIterable(Object value) {
    return isIterator(value) || Values.hasLength(value);
  }

  /** Whether iterating over the value consumes it. */
  public static boolean isIterator(Object value) {
    return value instanceof PythonObject object && object.isIterator();
  }

  /** Iterates over the elements: characters of a text, keys of a dict. */
  public static Iterator<Object> iterator(RenderContext context, Object value) {
    if (value instanceof List<?> list) {
      return Collections.<Object>unmodifiableList(list).iterator();
    }
    if (Values.isText(value)) {
      return characters(context, Values.content(value));
    }
    Iterator<Object> iterator =
        value instanceof PythonObject object ? object.iterator(context.budget()) : null;
    if (iterator != null) {
      return iterator;
    }
    throw EvaluationException.type(
        "'" + TypeNames.of(value) + "' object is not iterable" + Values.misuseHint(value));
  }

  /** All elements as a new list. */
  public static List<Object> list(RenderContext context, Object value) {
    context.budget().list(0);
    List<Object> list = new ArrayList<>();
    Iterator<Object> iterator = iterator(context, value);
    while (iterator.hasNext()) {
      list.add(iterator.next());
      context.budget().elements(1);
    }
    return list;
  }

  private static Iterator<Object> characters(RenderContext context, Object source) {
    String text = Values.text(source);
    return new Iterator<>() {
      private int position;

      @Override
      public boolean hasNext() {
        return position < text.length();
      }

      @Override
      public Object next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        context.budget().objects(1);
        int start = position;
        position += Character.charCount(text.codePointAt(start));
        return TrackedText.substring(source, start, position);
      }
    };
  }
}
