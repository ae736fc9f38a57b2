package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.matcher.Enumeration;

/** An enumerated value that has begun, and how much of it is written. */
final class EnumeratedValue {
  private final String pointer;
  private final Enumeration enumeration;
  private int written;

  EnumeratedValue(String pointer, Enumeration enumeration) {
    this.pointer = pointer;
    this.enumeration = enumeration;
  }

  /** Adds a byte of the answer. Returns whether all values are still possible. */
  boolean append() {
    written++;
    return written <= enumeration.common();
  }

  String pointer() {
    return pointer;
  }

  Enumeration enumeration() {
    return enumeration;
  }
}
