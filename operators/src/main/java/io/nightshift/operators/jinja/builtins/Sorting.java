package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Comparison;
import io.nightshift.operators.jinja.runtime.RenderContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Python's {@code sorted}: stable, by {@code <} alone. */
final class Sorting {
  private record Keyed(Object key, Object value) {}

  private Sorting() {}

  static List<Object> sorted(
      RenderContext context, List<Object> items, Function<Object, Object> key, boolean reverse) {
    context.budget().objects(2L * items.size());
    List<Keyed> keyed = new ArrayList<>(items.size());
    items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
    if (reverse) {
      Collections.reverse(keyed);
    }
    List<Keyed> ordered = mergeSort(context, keyed);
    if (reverse) {
      Collections.reverse(ordered);
    }
    List<Object> values = new ArrayList<>(ordered.size());
    ordered.forEach(entry -> values.add(entry.value()));
    return values;
  }

  /** Keys need not have a total order (NaN), which the JDK's sort would refuse. */
  private static List<Keyed> mergeSort(RenderContext context, List<Keyed> items) {
    if (items.size() < 2) {
      return new ArrayList<>(items);
    }
    int middle = items.size() / 2;
    List<Keyed> left = mergeSort(context, items.subList(0, middle));
    List<Keyed> right = mergeSort(context, items.subList(middle, items.size()));
    List<Keyed> merged = new ArrayList<>(items.size());
    int i = 0;
    for (Keyed next : right) {
      while (i < left.size() && !Comparison.less(context, next.key(), left.get(i).key())) {
        merged.add(left.get(i++));
      }
      merged.add(next);
    }
    merged.addAll(left.subList(i, left.size()));
    return merged;
  }
}
