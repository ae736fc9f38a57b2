package io.nightshift.operators.jinja.runtime;

/** A text handed in by a caller who knows which of its characters a template wrote itself. */
public interface TextWithLiterals {
  /** The characters. */
  String text();

  /** Start and end of each range of literal characters, as UTF-16 indexes, ascending. */
  int[] literals();
}
