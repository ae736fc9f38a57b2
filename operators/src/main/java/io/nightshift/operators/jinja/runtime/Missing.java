package io.nightshift.operators.jinja.runtime;

/** Marks a value that does not exist, like Jinja's own {@code missing}; templates never see it. */
public enum Missing {
  MISSING
}
