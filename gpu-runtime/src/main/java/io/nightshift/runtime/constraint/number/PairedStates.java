package io.nightshift.runtime.constraint.number;

import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.apache.lucene.util.automaton.Automaton;

/**
 * Limits the work of combining two automata. What Lucene makes of them has a state for each pair of
 * states that some text leads to, and there is no limit on it.
 */
final class PairedStates {
  /** Some seconds of work. */
  private static final int MAX_PAIRS = 200_000;

  private static final String CHARACTERS = "-.0123456789";

  private PairedStates() {}

  /**
   * Checks two deterministic automata.
   *
   * @throws ConstraintException if the texts of numbers lead to too many pairs of states
   */
  static void check(Automaton a, Automaton b) {
    if ((long) a.getNumStates() * b.getNumStates() > MAX_PAIRS && reachMoreThanMaximum(a, b)) {
      throw new ConstraintException(
          ("two conditions on a number need automata of %s and %s states, and one of more than %s"
                  + " together: use bounds and multiples of fewer digits")
              .formatted(a.getNumStates(), b.getNumStates(), MAX_PAIRS));
    }
  }

  private static boolean reachMoreThanMaximum(Automaton a, Automaton b) {
    Set<Long> seen = new HashSet<>();
    Deque<Long> open = new ArrayDeque<>();
    seen.add(0L);
    open.add(0L);
    while (!open.isEmpty() && seen.size() <= MAX_PAIRS) {
      long pair = open.remove();
      for (int i = 0; i < CHARACTERS.length(); i++) {
        int nextA = a.step((int) (pair >>> 32), CHARACTERS.charAt(i));
        int nextB = b.step((int) pair, CHARACTERS.charAt(i));
        if (nextA >= 0 && nextB >= 0) {
          long next = (long) nextA << 32 | nextB;
          if (seen.add(next)) {
            open.add(next);
          }
        }
      }
    }
    return seen.size() > MAX_PAIRS;
  }
}
