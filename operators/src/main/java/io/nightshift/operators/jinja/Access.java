package io.nightshift.operators.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes, items and slices, as Jinja's sandbox gives them out. */
final class Access {
  private Access() {}

  /** {@code object.name}: a method or attribute first, then an item of that key. */
  static Object attribute(RenderContext context, Object object, String name) {
    Object attribute = Attributes.find(context, object, name);
    if (attribute != null) {
      return attribute;
    }
    if (object instanceof Dict dict) {
      Object item = dict.get(name);
      if (item != null) {
        return item;
      }
    }
    return absent(context, object, name);
  }

  /** {@code object[key]}: an item first, then, for a text key, an attribute. */
  static Object item(RenderContext context, Object object, Object key) {
    if (object instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (object instanceof Dict dict) {
      Object item = isHashable(key) ? dict.get(key) : null;
      if (item != null) {
        return item;
      }
    } else if (Numbers.isInteger(key)) {
      if (Values.isText(object)) {
        // The characters in front are counted, since some take two places.
        context.budget().work(Values.size(object));
      }
      Object item = element(object, Numbers.index(key));
      return item == null ? context.missing(object, key) : item;
    }
    if (Values.isText(key)) {
      String name = Values.text(key);
      Object attribute = Attributes.find(context, object, name);
      return attribute == null ? absent(context, object, name) : attribute;
    }
    return context.missing(object, key);
  }

  private static Undefined absent(RenderContext context, Object object, String name) {
    return name.startsWith("__")
        ? Attributes.unsafe(context, object, name)
        : context.missing(object, name);
  }

  private static boolean isHashable(Object key) {
    return !(key instanceof List || key instanceof Dict);
  }

  /** The element at a position that may count from the end, or null. */
  private static @Nullable Object element(Object object, long position) {
    if (!(Values.isText(object)
        || object instanceof List
        || object instanceof Tuple
        || object instanceof Range
        || object instanceof Bytes)) {
      return null;
    }
    int length = Values.length(object);
    long index = position < 0 ? position + length : position;
    if (index < 0 || index >= length) {
      return null;
    }
    return elementAt(object, (int) index);
  }

  private static Object elementAt(Object object, int index) {
    if (object instanceof List<?> list) {
      return list.get(index);
    }
    if (object instanceof Tuple tuple) {
      return tuple.items().get(index);
    }
    if (object instanceof Range range) {
      return range.get(index);
    }
    if (object instanceof Bytes bytes) {
      return (long) (bytes.content()[index] & 0xff);
    }
    String text = Values.text(object);
    int offset = text.offsetByCodePoints(0, index);
    int end = offset + Character.charCount(text.codePointAt(offset));
    return Markup.like(object, TemplateText.substring(Values.content(object), offset, end));
  }

  /** {@code object[start:stop:step]}; None stands for a bound that is not given. */
  static Object slice(
      RenderContext context, Object object, Object start, Object stop, Object step) {
    if (object instanceof Undefined undefined) {
      throw undefined.error();
    }
    boolean sliceable =
        Values.isText(object)
            || object instanceof List
            || object instanceof Tuple
            || object instanceof Range;
    if (!sliceable) {
      throw EvaluationException.type(
          object instanceof Dict
              ? "unhashable type: 'slice'"
              : "'" + Values.typeName(object) + "' object is not subscriptable");
    }
    long by = step == None.NONE ? 1 : bound(step);
    if (by == 0) {
      throw EvaluationException.value("slice step cannot be zero");
    }
    int length = Values.length(object);
    long lowest = by > 0 ? 0 : -1;
    long highest = by > 0 ? length : length - 1;
    long from =
        start == None.NONE
            ? (by > 0 ? lowest : highest)
            : clip(bound(start), length, lowest, highest);
    long to =
        stop == None.NONE
            ? (by > 0 ? highest : lowest)
            : clip(bound(stop), length, lowest, highest);
    if (object instanceof Range range) {
      return new Range(
          range.start() + from * range.step(),
          range.start() + to * range.step(),
          range.step() * by);
    }
    if (Values.isText(object)) {
      return Markup.like(object, sliceText(context, Values.content(object), from, to, by));
    }
    context.budget().list(Math.max(0, (to - from) / by) + 1);
    List<?> items = object instanceof Tuple tuple ? tuple.items() : (List<?>) object;
    List<Object> taken = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i = next(i, by)) {
      taken.add(items.get((int) i));
    }
    return object instanceof Tuple ? new Tuple(taken) : taken;
  }

  private static Object sliceText(
      RenderContext context, Object sliced, long from, long to, long by) {
    String text = Values.text(sliced);
    context.budget().work(text.length());
    if (by > 0 ? from >= to : from <= to) {
      return "";
    }
    int at = text.offsetByCodePoints(0, (int) from);
    if (by == 1) {
      int end = text.offsetByCodePoints(at, (int) (to - from));
      context.budget().objects(1);
      context.budget().characters(end - at);
      return TemplateText.substring(sliced, at, end);
    }
    TextBuilder out = new TextBuilder(context);
    for (long i = from; by > 0 ? i < to : i > to; ) {
      out.appendText(sliced, at, at + Character.charCount(text.codePointAt(at)));
      long next = next(i, by);
      if (by > 0 ? next < to : next > to) {
        at = text.offsetByCodePoints(at, (int) (next - i));
      }
      i = next;
    }
    return out.build();
  }

  /** The next position; a step beyond all lengths ends the slice instead of overflowing. */
  private static long next(long position, long step) {
    return Math.abs(step) > Integer.MAX_VALUE
        ? (step > 0 ? Integer.MAX_VALUE : -1L)
        : position + step;
  }

  private static long bound(Object value) {
    if (!Numbers.isInteger(value)) {
      throw EvaluationException.type(
          "slice indices must be integers or None or have an __index__ method");
    }
    return Math.max(-Long.MAX_VALUE, Numbers.index(value));
  }

  private static long clip(long position, int length, long lowest, long highest) {
    long index = position < 0 ? position + length : position;
    return Math.max(lowest, Math.min(highest, index));
  }
}
