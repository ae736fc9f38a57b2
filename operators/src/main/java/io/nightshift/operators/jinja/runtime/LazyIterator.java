package io.nightshift.operators.jinja.runtime;

import java.util.Iterator;

/**
 * A Python generator or iterator: it can be iterated over once, has no length and is always true.
 *
 * @param typeName what Python calls its type
 */
public record LazyIterator(Iterator<Object> iterator, String typeName) implements PythonObject {
  /** Cost of a generator in the budget, in small objects. */
  private static final int GENERATOR = 6;

  public static LazyIterator generator(RenderContext context, Iterator<Object> iterator) {
    context.budget().objects(GENERATOR);
    return new LazyIterator(iterator, "generator");
  }

  @Override
  public boolean isIterator() {
    return true;
  }

  @Override
  public Iterator<Object> iterator(Budget budget) {
    return iterator;
  }

  @Override
  public String unprintableReason(String name) {
    return name + " is a " + typeName + " and has no text; write {{ ... | list }}";
  }
}
