package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Builtins;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Filter;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.LazyIterator;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.ValueTest;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;

/** Filters that return a generator: items are computed when they are asked for. */
final class SelectionFilters {
  private final Builtins builtins;

  /**
   * @param builtins has the filters and tests that templates name
   */
  SelectionFilters(Builtins builtins) {
    this.builtins = builtins;
  }

  Map<String, Filter> all() {
    return Map.of(
        "map", this::map,
        "select", (c, v, a) -> select(c, v, a, false, true),
        "reject", (c, v, a) -> select(c, v, a, false, false),
        "selectattr", (c, v, a) -> select(c, v, a, true, true),
        "rejectattr", (c, v, a) -> select(c, v, a, true, false));
  }

  private Object map(RenderContext context, Object value, Arguments arguments) {
    return deferred(
        context,
        value,
        () -> {
          Function<Object, Object> function = mapping(context, arguments);
          Iterator<Object> items = Iteration.iterator(context, value);
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return items.hasNext();
            }

            @Override
            public Object next() {
              context.step();
              return function.apply(items.next());
            }
          };
        });
  }

  private Function<Object, Object> mapping(RenderContext context, Arguments arguments) {
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      Arguments.Bound bound = arguments.bind("map", 0, "attribute", "default");
      return AttributePath.getter(context, bound.get(0), bound.get(1, None.NONE));
    }
    if (arguments.positional().isEmpty()) {
      throw EvaluationException.type("map requires a filter argument");
    }
    Object name = arguments.positional().get(0);
    Filter filter = Values.isText(name) ? builtins.filter(Values.text(name)) : null;
    if (filter == null) {
      throw EvaluationException.type("No filter named " + Representation.repr(context, name) + ".");
    }
    Arguments rest = arguments.withoutFirst();
    return item -> {
      context.budget().work(Values.size(item));
      return filter.apply(context, item, rest);
    };
  }

  private Object select(
      RenderContext context,
      Object value,
      Arguments arguments,
      boolean byAttribute,
      boolean wanted) {
    return deferred(
        context,
        value,
        () -> {
          Predicate<Object> test = test(context, arguments, byAttribute);
          return filtered(context, value, item -> test.test(item) == wanted).iterator();
        });
  }

  private Predicate<Object> test(RenderContext context, Arguments arguments, boolean byAttribute) {
    if (byAttribute && arguments.positional().isEmpty()) {
      throw EvaluationException.type("Missing parameter for attribute name");
    }
    Function<Object, Object> getter =
        byAttribute
            ? AttributePath.getter(context, arguments.positional().get(0))
            : Function.identity();
    Arguments rest = byAttribute ? arguments.withoutFirst() : arguments;
    if (rest.positional().isEmpty()) {
      return item -> Values.isTrue(getter.apply(item));
    }
    Object name = rest.positional().get(0);
    ValueTest test = Values.isText(name) ? builtins.test(Values.text(name)) : null;
    Arguments others = rest.withoutFirst();
    return item -> {
      Object subject = getter.apply(item);
      if (test == null) {
        throw EvaluationException.type("No test named " + Representation.repr(context, name) + ".");
      }
      return test.holds(context, subject, others);
    };
  }

  /** The items that fit; the predicate is asked once for each, in order. */
  static LazyIterator filtered(RenderContext context, Object value, Predicate<Object> fits) {
    Iterator<Object> items = Iteration.iterator(context, value);
    return LazyIterator.generator(
        context,
        new Iterator<>() {
          private Object ahead = Missing.MISSING;

          @Override
          public boolean hasNext() {
            context.enterGenerator();
            while (ahead == Missing.MISSING && items.hasNext()) {
              context.step();
              Object item = items.next();
              if (fits.test(item)) {
                ahead = item;
              }
            }
            context.leaveGenerator();
            return ahead != Missing.MISSING;
          }

          @Override
          public Object next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            Object item = ahead;
            ahead = Missing.MISSING;
            return item;
          }
        });
  }

  /** Starts an iteration, and finds its errors, only when the first item is asked for. */
  private interface Start {
    Iterator<Object> begin();
  }

  private static LazyIterator deferred(RenderContext context, Object value, Start start) {
    return LazyIterator.generator(
        context,
        new Iterator<>() {
          private Iterator<Object> items = Collections.emptyIterator();
          private boolean begun;

          private Iterator<Object> items() {
            if (!begun) {
              begun = true;
              if (Values.isTrue(value)) {
                items = start.begin();
              }
            }
            return items;
          }

          @Override
          public boolean hasNext() {
            context.enterGenerator();
            boolean more = items().hasNext();
            context.leaveGenerator();
            return more;
          }

          @Override
          public Object next() {
            context.enterGenerator();
            Object item = items().next();
            context.leaveGenerator();
            return item;
          }
        });
  }
}
