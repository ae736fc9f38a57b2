package io.nightshift.runtime.constraint.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Arrays.
 *
 * @param prefix conditions on the first items
 * @param rest condition on every other item
 * @param min minimum number of items
 * @param max maximum number of items; {@link Integer#MAX_VALUE} for none
 * @param contains conditions on the number of items that satisfy a condition
 * @param unique whether no two items may be equal
 * @param evaluated number of first items to which keywords have applied
 */
record ArraySet(
    List<Condition> prefix,
    Condition rest,
    int min,
    int max,
    List<Contains> contains,
    boolean unique,
    int evaluated) {
  static final int UNBOUNDED = Integer.MAX_VALUE;
  static final ArraySet ALL =
      new ArraySet(List.of(), Condition.ANYTHING, 0, UNBOUNDED, List.of(), false, 0);

  /** From {@code min} to {@code max} items satisfy a condition. */
  record Contains(Condition condition, int min, int max) {}

  Condition item(int index) {
    return index < prefix.size() ? prefix.get(index) : rest;
  }

  /** Returns null if no array is in both sets. */
  @Nullable ArraySet intersect(ArraySet other, Conditions conditions) {
    List<Condition> both = new ArrayList<>();
    for (int i = 0; i < Math.max(prefix.size(), other.prefix.size()); i++) {
      both.add(conditions.all(item(i), other.item(i)));
    }
    return new ArraySet(
            both,
            conditions.all(rest, other.rest),
            Math.max(min, other.min),
            Math.min(max, other.max),
            Stream.concat(contains.stream(), other.contains.stream()).distinct().toList(),
            unique || other.unique,
            Math.max(evaluated, other.evaluated))
        .orNull();
  }

  private @Nullable ArraySet orNull() {
    int most = max;
    for (int i = 0; i < prefix.size() && i < most; i++) {
      most = prefix.get(i) == Condition.NOTHING ? i : most;
    }
    if (rest == Condition.NOTHING) {
      most = Math.min(most, prefix.size());
    }
    return min > most ? null : new ArraySet(prefix, rest, min, most, contains, unique, evaluated);
  }

  /**
   * Adds the arrays that violate a condition.
   *
   * @return whether these are all of them: not if they include arrays with two equal items, or with
   *     a wrong item after a prefix
   */
  boolean addViolations(List<ArraySet> sets, Conditions conditions) {
    boolean complete = !unique;
    if (min > 0) {
      sets.add(ALL.withLength(0, min - 1));
    }
    if (max < UNBOUNDED) {
      sets.add(ALL.withLength(max + 1, UNBOUNDED));
    }
    for (int i = 0; i < prefix.size(); i++) {
      addViolatingItem(sets, i, conditions);
    }
    if (rest == Condition.NOTHING) {
      sets.add(ALL.withLength(prefix.size() + 1, UNBOUNDED));
    } else if (rest != Condition.ANYTHING) {
      if (prefix.isEmpty()) {
        sets.add(ALL.withContains(new Contains(conditions.not(rest), 1, UNBOUNDED)));
      } else {
        complete = false;
      }
    }
    for (Contains count : contains) {
      if (count.min() > 0) {
        sets.add(ALL.withContains(new Contains(count.condition(), 0, count.min() - 1)));
      }
      if (count.max() < UNBOUNDED) {
        sets.add(ALL.withContains(new Contains(count.condition(), count.max() + 1, UNBOUNDED)));
      }
    }
    return complete;
  }

  private void addViolatingItem(List<ArraySet> sets, int index, Conditions conditions) {
    Condition violated = conditions.not(prefix.get(index));
    if (violated != Condition.NOTHING) {
      List<Condition> items = new ArrayList<>();
      for (int i = 0; i < index; i++) {
        items.add(Condition.ANYTHING);
      }
      items.add(violated);
      sets.add(new ArraySet(items, Condition.ANYTHING, index + 1, UNBOUNDED, List.of(), false, 0));
    }
  }

  private ArraySet withLength(int least, int most) {
    return new ArraySet(prefix, rest, least, most, contains, unique, evaluated);
  }

  private ArraySet withContains(Contains count) {
    return new ArraySet(prefix, rest, min, max, List.of(count), unique, evaluated);
  }

  /**
   * The arrays in which a condition holds for all items that are not evaluated. Afterwards all are.
   */
  ArraySet withUnevaluated(Condition value, Conditions conditions) {
    if (evaluated == UNBOUNDED) {
      return this;
    }
    List<Condition> first = new ArrayList<>();
    for (int i = 0; i < Math.max(evaluated, prefix.size()); i++) {
      first.add(i < evaluated ? item(i) : conditions.all(item(i), value));
    }
    Condition others = conditions.all(rest, value);
    return new ArraySet(first, others, min, max, contains, unique, UNBOUNDED);
  }
}
