package io.nightshift.operators.jinja.runtime;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A value of a Python type that the JDK has no class for. {@link Values}, {@link TypeNames} and
 * {@link Iteration} ask it what Python's built-in functions ask an object's type.
 */
public interface PythonObject {
  /** Python's name of the type. */
  String typeName();

  /** The type as messages about missing attributes describe it. */
  default String typeDescription() {
    return typeName() + " object";
  }

  /** Whether Python's {@code len} accepts the value. */
  default boolean hasLength() {
    return false;
  }

  /** Python's {@code len}, if {@link #hasLength}. */
  default int length() {
    throw new IllegalStateException(typeName() + " has no length");
  }

  /** Approximate number of elements, without looking at them; 1 for a value of constant size. */
  default int size() {
    return 1;
  }

  /** Whether iterating over the value consumes it, as with a generator. */
  default boolean isIterator() {
    return false;
  }

  /**
   * Iterates over the elements.
   *
   * @return null if the value is not iterable
   */
  default @Nullable Iterator<Object> iterator(Budget budget) {
    return null;
  }

  /**
   * An attribute that the type defines by itself.
   *
   * @return null if there is no attribute of that name
   */
  default @Nullable Object attribute(String name) {
    return null;
  }

  /** What to append to the message about a misuse of the value; may be empty. */
  default String misuseHint() {
    return "";
  }

  /**
   * Why the value cannot be printed. Python prints a description of the object, which nobody wants
   * in a prompt: it is there because parentheses, brackets or a filter are missing.
   *
   * @param name what the template calls the value
   */
  default String unprintableReason(String name) {
    return name + " is a " + typeName() + " and has no text";
  }
}
