package io.nightshift.operators.jinja;

import java.util.Collections;
import java.util.List;

/** Python's tuple. */
class Tuple {
  private final List<Object> items;

  Tuple(List<Object> items) {
    this.items = Collections.unmodifiableList(items);
  }

  static Tuple of(Object... items) {
    return new Tuple(List.of(items));
  }

  final List<Object> items() {
    return items;
  }

  /** What the filter {@code groupby} yields: a tuple whose items have names. */
  static final class Group extends Tuple {
    Group(Object grouper, List<Object> list) {
      super(List.of(grouper, list));
    }
  }
}
