package io.nightshift.operators.jinja.runtime;

import java.util.Collections;
import java.util.Iterator;
import java.util.function.Supplier;

/**
 * A value that is not there. A lenient one prints as nothing, is false and has no elements; all
 * else is an error. A strict one is an error wherever it is used, except in the test {@code
 * defined} and the filter {@code default}.
 */
public final class Undefined implements PythonObject {
  private static final Object HASH = new Object();

  private final Supplier<String> reason;
  private final boolean strict;

  /**
   * @param reason what is missing, for the error of using the value
   */
  public Undefined(Supplier<String> reason, boolean strict) {
    this.reason = reason;
    this.strict = strict;
  }

  /** The error of using the value. */
  public EvaluationException error() {
    return EvaluationException.undefined(reason.get());
  }

  @Override
  public String typeName() {
    return "Undefined";
  }

  @Override
  public boolean hasLength() {
    return true;
  }

  @Override
  public int length() {
    touch();
    return 0;
  }

  @Override
  public Iterator<Object> iterator(Budget budget) {
    touch();
    return Collections.emptyIterator();
  }

  public boolean isStrict() {
    return strict;
  }

  /** Throws if the value is strict. */
  public void touch() {
    if (strict) {
      throw error();
    }
  }

  /** The key of all undefined values in a dict. */
  Object hashable() {
    touch();
    return HASH;
  }
}
