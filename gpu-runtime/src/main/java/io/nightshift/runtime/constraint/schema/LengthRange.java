package io.nightshift.runtime.constraint.schema;

import java.util.BitSet;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/** Which lengths the strings of a language have. */
final class LengthRange {
  private LengthRange() {}

  /**
   * Whether some string of a language without dead states has a length from {@code min} to {@code
   * max}.
   */
  static boolean intersects(Automaton language, int min, int max) {
    BitSet states = new BitSet();
    states.set(0);
    // A language whose strings reach the number of states has a cycle, so it has strings that are
    // at most that much longer than any length it reaches.
    long limit = Math.min(max, (long) min + language.getNumStates());
    for (long length = 0; length <= limit && !states.isEmpty(); length++) {
      if (length >= min && hasAccept(language, states)) {
        return true;
      }
      states = successors(language, states);
    }
    return false;
  }

  private static boolean hasAccept(Automaton language, BitSet states) {
    return states.stream().anyMatch(language::isAccept);
  }

  private static BitSet successors(Automaton language, BitSet states) {
    BitSet next = new BitSet();
    Transition transition = new Transition();
    states.stream()
        .forEach(
            state -> {
              int count = language.initTransition(state, transition);
              for (int i = 0; i < count; i++) {
                language.getNextTransition(transition);
                next.set(transition.dest);
              }
            });
    return next;
  }
}
