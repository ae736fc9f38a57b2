package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.CodePointSet;
import java.util.List;
import java.util.function.Consumer;

/** A regular expression, parsed. */
sealed interface Node {
  /** Maximum of a repetition without one. */
  int UNBOUNDED = Integer.MAX_VALUE;

  /** Any string. */
  Node ANYTHING = new Repeat(new Characters(CodePointSet.ALL), 0, UNBOUNDED);

  /** One character of a set. */
  record Characters(CodePointSet set) implements Node {}

  /** One after the other; the empty string if there is none. */
  record Sequence(List<Node> parts) implements Node {}

  /** Any of these. */
  record Choice(List<Node> branches) implements Node {}

  /** The same {@code min} to {@code max} times. */
  record Repeat(Node body, int min, int max) implements Node {}

  /** A condition on what is before and after, without characters of its own. */
  sealed interface Assertion extends Node {}

  enum Anchor implements Assertion {
    BEGIN,
    END,
    WORD_BOUNDARY,
    NO_WORD_BOUNDARY
  }

  /** What follows begins with the body, or does not. */
  record LookAhead(Node body, boolean negative) implements Assertion {}

  /** Calls the visitor with each node, this one included. */
  default void visit(Consumer<Node> visitor) {
    visitor.accept(this);
    if (this instanceof Sequence sequence) {
      sequence.parts().forEach(part -> part.visit(visitor));
    } else if (this instanceof Choice choice) {
      choice.branches().forEach(branch -> branch.visit(visitor));
    } else if (this instanceof Repeat repeat) {
      repeat.body().visit(visitor);
    } else if (this instanceof LookAhead lookAhead) {
      lookAhead.body().visit(visitor);
    }
  }
}
