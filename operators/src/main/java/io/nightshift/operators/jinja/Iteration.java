package io.nightshift.operators.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;

/** Python's iteration. */
final class Iteration {
  private Iteration() {}

  static boolean isIterable(Object value) {
    return value instanceof Lazy || Values.hasLength(value);
  }

  /** Goes over the elements: characters of a text, keys of a dict. */
  static Iterator<Object> iterator(RenderContext context, Object value) {
    if (value instanceof List<?> list) {
      return Collections.<Object>unmodifiableList(list).iterator();
    }
    if (Values.isText(value)) {
      return characters(context, Values.content(value));
    }
    if (value instanceof Tuple tuple) {
      return tuple.items().iterator();
    }
    if (value instanceof Dict dict) {
      context.budget().work(dict.size());
      return dict.keys().iterator();
    }
    if (value instanceof DictView view) {
      return view.elements(context).iterator();
    }
    if (value instanceof Lazy lazy) {
      return lazy.iterator();
    }
    if (value instanceof Range range) {
      return LongStream.range(0, range.length())
          .<Object>mapToObj(i -> range.get((int) i))
          .iterator();
    }
    if (value instanceof Undefined undefined) {
      undefined.touch();
      return Collections.emptyIterator();
    }
    if (value instanceof Bytes bytes) {
      context.budget().list(bytes.content().length);
      List<Object> all = new ArrayList<>(bytes.content().length);
      for (byte b : bytes.content()) {
        all.add((long) (b & 0xff));
      }
      return all.iterator();
    }
    if (value instanceof LoopContext loop) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return loop.hasNext();
        }

        @Override
        public Object next() {
          context.step();
          return Tuple.of(loop.next(), loop);
        }
      };
    }
    throw EvaluationException.type(
        "'" + Values.typeName(value) + "' object is not iterable" + Unprintable.hint(value));
  }

  /** All elements as a new list. */
  static List<Object> list(RenderContext context, Object value) {
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
        return TemplateText.substring(source, start, position);
      }
    };
  }
}
