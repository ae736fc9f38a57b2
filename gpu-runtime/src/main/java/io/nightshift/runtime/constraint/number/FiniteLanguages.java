package io.nightshift.runtime.constraint.number;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/**
 * Lengths and numbers of the strings of deterministic automata without dead states. Lucene's {@code
 * Operations.isFinite} recurses, and refuses an automaton with a way of more than 1,000 states.
 */
final class FiniteLanguages {
  private FiniteLanguages() {}

  static boolean isFinite(Automaton automaton) {
    return order(automaton, start(automaton)).isPresent();
  }

  /**
   * Whether a language has at most this number of strings.
   *
   * @param limit at most {@link Integer#MAX_VALUE}
   */
  static boolean hasAtMost(long limit, Automaton automaton) {
    Optional<int[]> order = order(automaton, start(automaton));
    if (order.isEmpty()) {
      return false;
    }
    long[] strings = new long[automaton.getNumStates()];
    long total = 0;
    for (int state : order.get()) {
      strings[state] += state == 0 ? 1 : 0;
      total += automaton.isAccept(state) ? strings[state] : 0;
      if (total > limit || strings[state] > limit) {
        return false;
      }
      forEachTransition(
          automaton,
          state,
          next -> strings[next.dest] += strings[state] * (next.max - next.min + 1));
    }
    return true;
  }

  /** Maximum number of characters after this one; 0 if no string has it, empty if no maximum. */
  static OptionalInt longestAfter(Automaton automaton, int character) {
    BitSet starts = new BitSet();
    for (int state = 0; state < automaton.getNumStates(); state++) {
      int next = automaton.step(state, character);
      if (next >= 0) {
        starts.set(next);
      }
    }
    Optional<int[]> order = order(automaton, starts);
    if (order.isEmpty()) {
      return OptionalInt.empty();
    }
    int[] length = new int[automaton.getNumStates()];
    int longest = 0;
    for (int state : order.get()) {
      longest = Math.max(longest, length[state]);
      forEachTransition(
          automaton,
          state,
          next -> length[next.dest] = Math.max(length[next.dest], length[state] + 1));
    }
    return OptionalInt.of(longest);
  }

  private static BitSet start(Automaton automaton) {
    BitSet start = new BitSet();
    start.set(0, Math.min(1, automaton.getNumStates()));
    return start;
  }

  /** States that can be reached, in topological order (Kahn's algorithm); empty with a cycle. */
  private static Optional<int[]> order(Automaton automaton, BitSet starts) {
    BitSet reachable = reachable(automaton, starts);
    int[] incoming = new int[automaton.getNumStates()];
    reachable.stream()
        .forEach(state -> forEachTransition(automaton, state, next -> incoming[next.dest]++));
    Deque<Integer> ready = new ArrayDeque<>();
    reachable.stream().filter(state -> incoming[state] == 0).forEach(ready::add);
    int[] order = new int[reachable.cardinality()];
    int count = 0;
    while (!ready.isEmpty()) {
      int state = ready.remove();
      order[count++] = state;
      forEachTransition(
          automaton,
          state,
          next -> {
            if (--incoming[next.dest] == 0) {
              ready.add(next.dest);
            }
          });
    }
    return count == order.length ? Optional.of(order) : Optional.empty();
  }

  private static BitSet reachable(Automaton automaton, BitSet starts) {
    BitSet reachable = (BitSet) starts.clone();
    Deque<Integer> open = new ArrayDeque<>();
    starts.stream().forEach(open::add);
    while (!open.isEmpty()) {
      forEachTransition(
          automaton,
          open.remove(),
          next -> {
            if (!reachable.get(next.dest)) {
              reachable.set(next.dest);
              open.add(next.dest);
            }
          });
    }
    return reachable;
  }

  private static void forEachTransition(
      Automaton automaton, int state, Consumer<Transition> action) {
    Transition transition = new Transition();
    int count = automaton.initTransition(state, transition);
    for (int i = 0; i < count; i++) {
      automaton.getNextTransition(transition);
      action.accept(transition);
    }
  }
}
