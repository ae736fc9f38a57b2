package io.nightshift.runtime.constraint.schema;

import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.all;
import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.intersection;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/**
 * Strings of a language and a length. Length bounds are kept beside the automaton: an automaton
 * that counts to 4,000 has 4,000 states.
 *
 * @param content a language of {@link CodePointLanguages}
 * @param min minimum number of code points
 * @param max maximum number of code points; {@link Integer#MAX_VALUE} for none
 */
record StringSet(Automaton content, int min, int max) {
  static final int UNBOUNDED = Integer.MAX_VALUE;
  static final StringSet ALL = new StringSet(all(), 0, UNBOUNDED);

  /** Finite languages up to this number of states are cut to the length. */
  private static final int SMALL = 2_000;

  /** Creates a set. Bounds that an automaton can express cheaply, or that are empty, vanish. */
  static StringSet of(Automaton content, int min, int max) {
    StringSet set = new StringSet(content, min, max);
    boolean finite =
        content.getNumStates() <= SMALL
            && (min > 0 || max < UNBOUNDED)
            && Operations.isFinite(content);
    return finite ? new StringSet(set.language(), 0, UNBOUNDED) : set;
  }

  StringSet intersect(StringSet other) {
    return of(
        intersection(content, other.content), Math.max(min, other.min), Math.min(max, other.max));
  }

  /** The other strings. */
  List<StringSet> complement() {
    List<StringSet> sets = new ArrayList<>();
    if (content != all()) {
      sets.add(of(CodePointLanguages.complement(content), 0, UNBOUNDED));
    }
    if (min > 0) {
      sets.add(of(all(), 0, min - 1));
    }
    if (max < UNBOUNDED) {
      sets.add(of(all(), max + 1, UNBOUNDED));
    }
    return sets;
  }

  boolean isBounded() {
    return min > 0 || max < UNBOUNDED;
  }

  boolean isEmpty() {
    return min > max || Operations.isEmpty(content) || (isBounded() && !hasLengthInRange());
  }

  /** Lengths that occur, by counting: a set of states for each length. */
  private boolean hasLengthInRange() {
    if (content == all()) {
      return true;
    }
    return LengthRange.intersects(content, min, max);
  }

  /** The set as one automaton. */
  Automaton language() {
    if (!isBounded()) {
      return content;
    }
    if (min > max) {
      return CodePointLanguages.none();
    }
    Automaton characters =
        max == UNBOUNDED
            ? Operations.repeat(CodePointLanguages.character(), min)
            : Operations.repeat(CodePointLanguages.character(), min, max);
    return intersection(content, CodePointLanguages.minimal(characters));
  }
}
