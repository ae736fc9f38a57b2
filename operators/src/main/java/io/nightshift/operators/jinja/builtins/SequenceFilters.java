package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Arithmetic;
import io.nightshift.operators.jinja.runtime.Comparison;
import io.nightshift.operators.jinja.runtime.ComparisonOperator;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Filter;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.LazyIterator;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.Slicing;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;

/** Filters on iterables as a whole. */
final class SequenceFilters {
  private SequenceFilters() {}

  static Map<String, Filter> all() {
    return Map.ofEntries(
        Map.entry("length", (c, v, a) -> (long) Values.length(v)),
        Map.entry("count", (c, v, a) -> (long) Values.length(v)),
        Map.entry("list", (c, v, a) -> Iteration.list(c, v)),
        Map.entry("first", SequenceFilters::first),
        Map.entry("last", SequenceFilters::last),
        Map.entry("reverse", SequenceFilters::reverse),
        Map.entry("join", SequenceFilters::join),
        Map.entry("items", SequenceFilters::items),
        Map.entry("dictsort", SequenceFilters::dictSort),
        Map.entry("sort", SequenceFilters::sort),
        Map.entry("unique", SequenceFilters::unique),
        Map.entry("min", (c, v, a) -> extreme(c, v, a, false)),
        Map.entry("max", (c, v, a) -> extreme(c, v, a, true)),
        Map.entry("sum", SequenceFilters::sum));
  }

  private static Object first(RenderContext context, Object value, Arguments arguments) {
    Iterator<Object> items = Iteration.iterator(context, value);
    return items.hasNext()
        ? items.next()
        : context.undefinedHint("No first item, sequence was empty.");
  }

  private static Object last(RenderContext context, Object value, Arguments arguments) {
    List<Object> items = Iteration.list(context, requireReversible(value));
    return items.isEmpty()
        ? context.undefinedHint("No last item, sequence was empty.")
        : items.get(items.size() - 1);
  }

  private static Object requireReversible(Object value) {
    if (Iteration.isIterator(value) || !Iteration.isIterable(value)) {
      throw EvaluationException.type("'" + TypeNames.of(value) + "' object is not reversible");
    }
    return value;
  }

  private static Object reverse(RenderContext context, Object value, Arguments arguments) {
    if (Values.isText(value)) {
      return Slicing.slice(context, value, None.NONE, None.NONE, -1L);
    }
    if (!Iteration.isIterable(value)) {
      throw EvaluationException.type("argument must be iterable");
    }
    List<Object> items = Iteration.list(context, value);
    Collections.reverse(items);
    boolean copied = Iteration.isIterator(value);
    return copied ? items : new LazyIterator(items.iterator(), "reversed");
  }

  private static Object join(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", 0, "d", "attribute");
    Object separator = Representation.string(context, bound.get(0, ""));
    Function<Object, Object> getter = AttributePath.getter(context, bound.get(1, None.NONE));
    TextBuilder out = new TextBuilder(context);
    Iterator<Object> items = Iteration.iterator(context, value);
    boolean begin = true;
    while (items.hasNext()) {
      context.step();
      Object text = Representation.string(context, getter.apply(items.next()));
      out.appendText(begin ? "" : separator).appendText(text);
      begin = false;
    }
    return out.build();
  }

  private static Object items(RenderContext context, Object value, Arguments arguments) {
    if (value instanceof Undefined) {
      return LazyIterator.generator(context, Collections.emptyIterator());
    }
    // Python finds out only when the generator is asked for its first pair.
    return LazyIterator.generator(
        context,
        new Iterator<>() {
          private Iterator<Object> pairs = Collections.emptyIterator();
          private boolean begun;

          @Override
          public boolean hasNext() {
            if (!begun) {
              begun = true;
              if (!(value instanceof Dict dict)) {
                throw EvaluationException.type("Can only get item pairs from a mapping.");
              }
              pairs = dict.items(context.budget()).iterator();
            }
            return pairs.hasNext();
          }

          @Override
          public Object next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return pairs.next();
          }
        });
  }

  private static Object dictSort(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
    boolean caseSensitive = bound.isTrue(0, false);
    String by = bound.has(1) ? bound.text(1) : "key";
    if (!by.equals("key") && !by.equals("value")) {
      throw EvaluationException.value("You can only sort by either \"key\" or \"value\"");
    }
    int position = by.equals("key") ? 0 : 1;
    if (!(value instanceof Dict dict)) {
      throw value instanceof Undefined undefined
          ? undefined.error()
          : EvaluationException.type(
              "'" + TypeNames.of(value) + "' object has no attribute 'items'");
    }
    return Sorting.sorted(
        context,
        dict.items(context.budget()),
        item -> AttributePath.fold(((Tuple) item).items().get(position), caseSensitive),
        bound.isTrue(2, false));
  }

  private static Object sort(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
    return Sorting.sorted(
        context,
        Iteration.list(context, value),
        AttributePath.multiGetter(context, bound.get(2, None.NONE), bound.isTrue(1, false)),
        bound.isTrue(0, false));
  }

  private static Object unique(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("unique", 0, "case_sensitive", "attribute");
    boolean caseSensitive = bound.isTrue(0, false);
    Function<Object, Object> getter = AttributePath.getter(context, bound.get(1, None.NONE));
    Set<Object> seen = new HashSet<>();
    return SelectionFilters.filtered(
        context,
        value,
        item -> {
          context.budget().objects(2);
          return seen.add(Dict.normal(AttributePath.fold(getter.apply(item), caseSensitive)));
        });
  }

  private static Object extreme(
      RenderContext context, Object value, Arguments arguments, boolean greatest) {
    Arguments.Bound bound =
        arguments.bind(greatest ? "max" : "min", 0, "case_sensitive", "attribute");
    Function<Object, Object> getter = AttributePath.getter(context, bound.get(1, None.NONE));
    Iterator<Object> items = Iteration.iterator(context, value);
    if (!items.hasNext()) {
      return context.undefinedHint("No aggregated item, sequence was empty.");
    }
    boolean caseSensitive = bound.isTrue(0, false);
    Object best = items.next();
    Object bestKey = AttributePath.fold(getter.apply(best), caseSensitive);
    while (items.hasNext()) {
      Object item = items.next();
      Object key = AttributePath.fold(getter.apply(item), caseSensitive);
      ComparisonOperator better = greatest ? ComparisonOperator.GREATER : ComparisonOperator.LESS;
      if (Comparison.holds(context, better, key, bestKey)) {
        best = item;
        bestKey = key;
      }
    }
    return best;
  }

  private static Object sum(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", 0, "attribute", "start");
    Function<Object, Object> getter = AttributePath.getter(context, bound.get(0, None.NONE));
    Object total = bound.get(1, 0L);
    if (Values.isText(total)) {
      throw EvaluationException.type("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Object> items = Iteration.iterator(context, value);
    while (items.hasNext()) {
      total = Arithmetic.add(context, total, getter.apply(items.next()));
    }
    return total;
  }
}
