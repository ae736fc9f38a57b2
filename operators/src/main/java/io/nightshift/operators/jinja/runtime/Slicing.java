package io.nightshift.operators.jinja.runtime;

import java.util.ArrayList;
import java.util.List;

/** Python's slices of texts, lists, tuples and ranges. */
public final class Slicing {
  private Slicing() {}

  /** {@code object[start:stop:step]}; None for a bound that is not given. */
  public static Object slice(
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
              : "'" + TypeNames.of(object) + "' object is not subscriptable");
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
      return TrackedText.substring(sliced, at, end);
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
