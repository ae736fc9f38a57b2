package io.nightshift.operators.jinja;

import java.util.Iterator;

/**
 * A Python generator or iterator: it can be gone through once, has no length and is always true.
 *
 * @param typeName what Python calls its type
 */
record Lazy(Iterator<Object> iterator, String typeName) {

  static Lazy generator(Iterator<Object> iterator) {
    return new Lazy(iterator, "generator");
  }
}
