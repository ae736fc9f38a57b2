package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.schema.ArraySet.Contains;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A set of arrays whose items are divided into those that count for {@code contains} and others.
 *
 * @param prefix the first items
 * @param rest every other item
 * @param minContains minimum number of items that count
 * @param maxContains maximum number of them
 */
record ArrayForm(ArraySet set, List<Item> prefix, Item rest, int minContains, int maxContains) {
  private static final int MAX_MIN_ITEMS = 10_000;

  /** An item that counts, or one that does not. */
  record Item(Condition matching, Condition other) {}

  static ArrayForm of(ArraySet set, Conditions conditions) {
    if (set.min() > MAX_MIN_ITEMS) {
      throw new ConstraintException(
          "an array of %s items or more cannot be generated".formatted(set.min()));
    }
    if (set.contains().size() > 1) {
      throw new ConstraintException(
          "more than one contains applies to an array: only one can be counted");
    }
    if (set.contains().isEmpty()) {
      return new ArrayForm(
          set,
          set.prefix().stream().map(item -> new Item(item, Condition.NOTHING)).toList(),
          new Item(set.rest(), Condition.NOTHING),
          0,
          ArraySet.UNBOUNDED);
    }
    Contains contains = set.contains().get(0);
    return new ArrayForm(
        set,
        set.prefix().stream().map(item -> divided(item, contains, conditions)).toList(),
        divided(set.rest(), contains, conditions),
        contains.min(),
        contains.max());
  }

  /** Without a maximum, an item that satisfies the condition need not count. */
  private static Item divided(Condition item, Contains contains, Conditions conditions) {
    Condition matching = conditions.all(item, contains.condition());
    Condition other =
        contains.max() == ArraySet.UNBOUNDED
            ? item
            : conditions.all(item, conditions.not(contains.condition()));
    return new Item(matching, other);
  }

  /** The conditions on items. */
  Stream<Condition> items() {
    return Stream.concat(prefix.stream(), Stream.of(rest))
        .flatMap(item -> Stream.of(item.matching(), item.other()));
  }

  private Item item(int index) {
    return index < prefix.size() ? prefix.get(index) : rest;
  }

  /** Maximum number of items, given which conditions have a value. */
  int maxItems(Predicate<Condition> possible) {
    int limit = Math.min(set.max(), prefix.size());
    for (int i = 0; i < limit; i++) {
      if (!isPossible(prefix.get(i), possible)) {
        return i;
      }
    }
    return isPossible(rest, possible) ? set.max() : limit;
  }

  private static boolean isPossible(Item item, Predicate<Condition> possible) {
    return possible.test(item.matching()) || possible.test(item.other());
  }

  /** Whether some array exists, given which conditions have a value. */
  boolean isPossible(Predicate<Condition> possible) {
    int max = maxItems(possible);
    long longest = Math.min(max, (long) Math.max(set.min(), prefix.size()) + minContains);
    int mayCount = 0;
    int mustCount = 0;
    for (int length = 0; length <= longest; length++) {
      if (length >= set.min() && mayCount >= minContains && mustCount <= maxContains) {
        return true;
      }
      Item next = item(length);
      mayCount += possible.test(next.matching()) ? 1 : 0;
      mustCount += possible.test(next.other()) ? 0 : 1;
    }
    return false;
  }

  /** Conditions on items at indexes that a non-empty array can have. */
  Stream<Condition> reachable(int maxItems) {
    return IntStream.range(0, Math.min(maxItems, prefix.size() + 1))
        .mapToObj(this::item)
        .flatMap(item -> Stream.of(item.matching(), item.other()));
  }
}
