package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Comparison;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Filter;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.LazyIterator;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Filters that put the elements of an iterable into groups. */
final class GroupingFilters {
  private GroupingFilters() {}

  static Map<String, Filter> all() {
    return Map.of(
        "groupby", GroupingFilters::groupBy,
        "batch", GroupingFilters::batch,
        "slice", GroupingFilters::slice);
  }

  private static Object groupBy(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("groupby", 1, "attribute", "default", "case_sensitive");
    boolean caseSensitive = bound.isTrue(2, false);
    Function<Object, Object> getter =
        AttributePath.getter(context, bound.get(0), bound.get(1, None.NONE));
    Function<Object, Object> key = item -> AttributePath.fold(getter.apply(item), caseSensitive);
    List<Object> groups = new ArrayList<>();
    List<Object> members = new ArrayList<>();
    for (Object item : Sorting.sorted(context, Iteration.list(context, value), key, false)) {
      if (!members.isEmpty()
          && !Comparison.equal(context, key.apply(members.get(0)), key.apply(item))) {
        context.budget().objects(3);
        groups.add(new Tuple.Group(getter.apply(members.get(0)), members));
        members = new ArrayList<>();
      }
      context.budget().elements(1);
      members.add(item);
    }
    if (!members.isEmpty()) {
      groups.add(new Tuple.Group(getter.apply(members.get(0)), members));
    }
    return groups;
  }

  private static Object batch(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("batch", 1, "linecount", "fill_with");
    Object count = bound.get(0);
    Object fill = bound.get(1, None.NONE);
    List<Object> batches = new ArrayList<>();
    List<Object> current = new ArrayList<>();
    for (Object item : Iteration.list(context, value)) {
      if (Comparison.equal(context, (long) current.size(), count)) {
        context.budget().objects(2);
        batches.add(current);
        current = new ArrayList<>();
      }
      context.budget().elements(1);
      current.add(item);
    }
    if (!current.isEmpty()) {
      if (fill != None.NONE && Comparison.less(context, (long) current.size(), count)) {
        long missing = Numbers.index(count) - current.size();
        context.budget().elements(missing);
        current.addAll(Collections.nCopies((int) missing, fill));
      }
      batches.add(current);
    }
    return LazyIterator.generator(context, batches.iterator());
  }

  private static Object slice(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("slice", 1, "slices", "fill_with");
    Object fill = bound.get(1, None.NONE);
    List<Object> items = Iteration.list(context, value);
    long slices = bound.integer(0, 1);
    if (slices == 0) {
      throw EvaluationException.value("integer division or modulo by zero");
    }
    context.budget().objects(2 * Math.min(slices, Integer.MAX_VALUE));
    context.budget().elements(items.size());
    List<Object> all = new ArrayList<>();
    int size = (int) Math.floorDiv(items.size(), slices);
    long extra = Math.floorMod((long) items.size(), slices);
    int start = 0;
    for (long i = 0; i < slices; i++) {
      int end = start + size + (i < extra ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(start, end));
      if (fill != None.NONE && i >= extra) {
        part.add(fill);
      }
      all.add(part);
      start = end;
    }
    return LazyIterator.generator(context, all.iterator());
  }
}
