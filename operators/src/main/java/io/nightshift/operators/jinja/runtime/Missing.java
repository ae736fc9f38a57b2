package io.nightshift.operators.jinja.runtime;

/** Stands for a value that does not exist, as Jinja's own {@code missing}; no template sees it. */
public enum Missing {
  MISSING
}
