package io.nightshift.runtime.constraint.grammar;

import java.util.List;

/**
 * The texts of one JSON value: any text of any of its alternatives. Rules refer to each other
 * through {@link ArrayAlternative} and {@link ObjectAlternative}, also recursively; the number of
 * rules is finite. Two rules are the same if they are the same object.
 *
 * <p>The text is compact JSON without whitespace (the automaton adds optional spaces itself).
 * Strings are written in one way only: a character as itself in UTF-8, except {@code \"}, {@code
 * \\}, {@code \b}, {@code \f}, {@code \n}, {@code \r}, {@code \t}, and <code>&#92;u00xx</code> (in
 * lower case) for other characters below U+0020. Properties are in the order of the schema.
 */
public interface ValueRule {

  /**
   * The alternatives. None is empty: each has a finite text. An empty list means that no value is
   * valid here; a compiled grammar refers to such a rule nowhere, except in {@link
   * ArrayAlternative.Item#other}. Alternatives may overlap.
   */
  List<Alternative> alternatives();

  /** JSON pointer of the place in the schema, for messages; empty for the whole schema. */
  default String pointer() {
    return "";
  }
}
