package io.nightshift.operators.jinja;

/** Stands for a value that does not exist, as Jinja's own {@code missing}; no template sees it. */
enum Missing {
  MISSING
}
