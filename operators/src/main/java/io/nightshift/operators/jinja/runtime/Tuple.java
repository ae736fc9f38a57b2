package io.nightshift.operators.jinja.runtime;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Python's tuple. */
public class Tuple implements PythonObject {
  private final List<Object> items;

  public Tuple(List<Object> items) {
    this.items = Collections.unmodifiableList(items);
  }

  public static Tuple of(Object... items) {
    return new Tuple(List.of(items));
  }

  public final List<Object> items() {
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
  public static final class Group extends Tuple {
    public Group(Object grouper, List<Object> list) {
      super(List.of(grouper, list));
    }
  }
}
