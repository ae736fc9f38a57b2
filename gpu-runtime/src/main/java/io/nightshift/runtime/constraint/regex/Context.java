package io.nightshift.runtime.constraint.regex;

import java.util.Set;

/**
 * What a place in the text must be like for a match to go on.
 *
 * @param before what stands before: one of {@link #EDGE}, {@link #WORD}, {@link #OTHER}
 * @param after what may stand after: a sum of these
 * @param obligations what look-aheads demand of the rest
 */
record Context(int before, int after, Set<Obligation> obligations) {
  /** The beginning before a place, the end after it. */
  static final int EDGE = 1;

  /** A character of a word. */
  static final int WORD = 2;

  /** Any other character. */
  static final int OTHER = 4;

  static final int ANY = EDGE | WORD | OTHER;

  /** The rest must be accepted by an automaton from this state. */
  record Obligation(LookAheadAutomaton automaton, int state) {

    /** Spreads its bits: the hash code of a set is the sum of those of its members. */
    @Override
    public int hashCode() {
      int hash = (31 * automaton.hashCode() + state) * 0x9E3779B9;
      hash = (hash ^ hash >>> 15) * 0x85EBCA6B;
      return hash ^ hash >>> 13;
    }
  }

  static Context start(int before) {
    return new Context(before, ANY, Set.of());
  }

  /** Whether nothing is demanded of the rest. */
  boolean isFree() {
    return after == ANY && obligations.isEmpty();
  }

  Context withAfter(int restricted) {
    return new Context(before, after & restricted, obligations);
  }

  /** Whether the text may end here. */
  boolean mayEnd() {
    return (after & EDGE) != 0
        && obligations.stream().allMatch(o -> o.automaton().isAccept(o.state()));
  }
}
