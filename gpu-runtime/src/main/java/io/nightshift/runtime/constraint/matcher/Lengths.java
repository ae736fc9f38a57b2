package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.util.BitSet;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.Transition;

/**
 * The numbers of characters that words have from each state of an automaton, for contents with a
 * minimum or maximum length. Only lengths up to the maximum are known.
 */
final class Lengths {
  private static final long MAX_WORK = 50_000_000;

  private final boolean all;
  // By state; a length at or above stableFrom is possible if stableFrom is.
  private final BitSet[] possible;
  private final int stableFrom;

  private Lengths(boolean all, BitSet[] possible, int stableFrom) {
    this.all = all;
    this.possible = possible;
    this.stableFrom = stableFrom;
  }

  /**
   * @param maximum maximum length; {@link Integer#MAX_VALUE} if there is none
   * @throws ConstraintException if this takes too long
   */
  static Lengths of(Automaton content, int minimum, int maximum) {
    if (content.getNumStates() == 1 && Operations.sameLanguage(content, CodePointLanguages.all())) {
      return new Lengths(true, new BitSet[0], 0);
    }
    int states = content.getNumStates();
    int[][] successors = successors(content);
    BitSet[] possible = new BitSet[states];
    BitSet current = new BitSet(states);
    for (int state = 0; state < states; state++) {
      possible[state] = new BitSet();
      current.set(state, content.isAccept(state));
    }
    // A longest word, where there is one, has fewer characters than the automaton has states.
    long last = maximum == Integer.MAX_VALUE ? (long) minimum + states : maximum;
    long work = 0;
    for (int length = 0; ; length++) {
      for (int state = current.nextSetBit(0); state >= 0; state = current.nextSetBit(state + 1)) {
        possible[state].set(length);
      }
      if (length == last) {
        return new Lengths(false, possible, Integer.MAX_VALUE);
      }
      BitSet longer = new BitSet(states);
      for (int state = 0; state < states; state++) {
        work += successors[state].length + 1L;
        for (int successor : successors[state]) {
          if (current.get(successor)) {
            longer.set(state);
            break;
          }
        }
      }
      if (longer.equals(current)) {
        return new Lengths(false, possible, length);
      }
      if (work > MAX_WORK) {
        throw new ConstraintException(
            "a string with a pattern and a length of up to %s characters takes too long to compile: lower the length, or bound the repetitions of the pattern instead"
                .formatted(last));
      }
      current = longer;
    }
  }

  private static int[][] successors(Automaton automaton) {
    int[][] successors = new int[automaton.getNumStates()][];
    Transition transition = new Transition();
    for (int state = 0; state < successors.length; state++) {
      int count = automaton.initTransition(state, transition);
      BitSet found = new BitSet();
      for (int i = 0; i < count; i++) {
        automaton.getNextTransition(transition);
        found.set(transition.dest);
      }
      successors[state] = found.stream().toArray();
    }
    return successors;
  }

  /**
   * The smallest length of a word from a state that is at least {@code low}; -1 if that is more
   * than {@code high}, or if there is none.
   */
  int atLeast(int state, int low, int high) {
    int found;
    if (all) {
      found = low;
    } else if (low >= stableFrom) {
      found = possible[state].get(stableFrom) ? low : -1;
    } else {
      found = possible[state].nextSetBit(low);
    }
    return found <= high ? found : -1;
  }
}
