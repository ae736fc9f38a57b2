package io.nightshift.operators.jinja;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Python's tuple. */
class Tuple implements PythonObject {
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

  @Override
  public final String typeName() {
    return "tuple";
  }

  @Override
  public final boolean hasLength() {
    return true;
  }

  @Override
  public final int length() {
    return items.size();
  }

  @Override
  public final int size() {
    return items.size();
  }

  @Override
  public final Iterator<Object> iterator(Budget budget) {
    return items.iterator();
  }

  /** What the filter {@code groupby} yields: a tuple whose items have names. */
  static final class Group extends Tuple {
    Group(Object grouper, List<Object> list) {
      super(List.of(grouper, list));
    }
  }
}
