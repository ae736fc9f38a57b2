package io.nightshift.operators.jinja;

/** Python's None. */
enum None {
  NONE
}
