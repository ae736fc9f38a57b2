package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.regex.NfaState.Accept;
import io.nightshift.runtime.constraint.regex.NfaState.Consume;
import io.nightshift.runtime.constraint.regex.NfaState.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which states of an automaton without assertions lead to its end. */
final class LiveStates {
  private LiveStates() {}

  static boolean[] of(Nfa nfa) {
    List<NfaState> states = nfa.states();
    List<List<Integer>> sources = new ArrayList<>();
    states.forEach(state -> sources.add(new ArrayList<>(2)));
    List<Integer> open = new ArrayList<>();
    boolean[] live = new boolean[states.size()];
    for (int state = 0; state < live.length; state++) {
      int source = state;
      targets(states.get(state)).forEach(target -> sources.get(target).add(source));
      if (states.get(state) instanceof Accept) {
        live[state] = true;
        open.add(state);
      }
    }
    while (!open.isEmpty()) {
      for (int source : sources.get(open.remove(open.size() - 1))) {
        if (!live[source]) {
          live[source] = true;
          open.add(source);
        }
      }
    }
    return live;
  }

  private static IntStream targets(NfaState state) {
    if (state instanceof Split split) {
      return split.targets().stream().mapToInt(Integer::intValue);
    }
    return state instanceof Consume consume
        ? consume.edges().stream()
            .filter(edge -> edge.symbols().length > 0)
            .mapToInt(NfaState.Edge::target)
        : IntStream.empty();
  }
}
