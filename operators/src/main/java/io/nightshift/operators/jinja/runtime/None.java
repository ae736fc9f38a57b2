package io.nightshift.operators.jinja.runtime;

/** Python's None. */
public enum None {
  NONE
}
