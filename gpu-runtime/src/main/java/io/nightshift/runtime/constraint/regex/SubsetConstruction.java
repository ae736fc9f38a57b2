package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.regex.NfaState.Accept;
import io.nightshift.runtime.constraint.regex.NfaState.Consume;
import io.nightshift.runtime.constraint.regex.NfaState.Edge;
import io.nightshift.runtime.constraint.regex.NfaState.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.IntsRef;
import org.apache.lucene.util.automaton.Automaton;
import org.jspecify.annotations.Nullable;

/**
 * The deterministic automaton of a nondeterministic one without assertions. Other than Lucene's, it
 * knows states after which everything is accepted: a pattern that may match anywhere needs no
 * further ones there, whatever else is going on.
 */
final class SubsetConstruction {
  private static final int MAX_WORK = 20_000_000;

  private final Nfa nfa;
  private final int symbolCount;
  private final boolean[] live;

  /** The states reached without a symbol, where they consume or accept, by state. */
  private final int[] @Nullable [] closures;

  /** When a state was last seen. */
  private final int[] seen;

  private final BitSet tested = new BitSet();
  private final BitSet universal = new BitSet();

  /** For a state that is reached alone: one more than its number in the result; 0 if unknown. */
  private final int[] singles;

  /** For each symbol where it leads from the current set; the first ones count. */
  private final int[][] targets;

  private final int[] targetCounts;

  private final Map<IntsRef, Integer> numbers = new HashMap<>();
  private final List<int[]> sets = new ArrayList<>();
  private int time;
  private int work;

  private SubsetConstruction(Nfa nfa, int symbolCount) {
    this.nfa = nfa;
    this.symbolCount = symbolCount;
    this.live = LiveStates.of(nfa);
    this.closures = new int[nfa.states().size()][];
    this.seen = new int[nfa.states().size()];
    this.singles = new int[nfa.states().size()];
    this.targets = new int[symbolCount][4];
    this.targetCounts = new int[symbolCount];
  }

  /**
   * A minimal automaton over symbols, without dead states.
   *
   * @throws StateLimitException if it is too large, or takes too long
   */
  static Automaton minimal(Nfa nfa, int symbolCount) {
    return CodePointLanguages.minimize(new SubsetConstruction(nfa, symbolCount).deterministic());
  }

  private Automaton deterministic() {
    Automaton automaton = new Automaton();
    number(closure(nfa.start()), automaton);
    for (int state = 0; state < sets.size(); state++) {
      addTransitions(state, automaton);
    }
    automaton.finishState();
    return automaton;
  }

  private void addTransitions(int state, Automaton automaton) {
    collectTargets(sets.get(state));
    Map<IntsRef, Integer> known = new HashMap<>();
    for (int symbol = 0; symbol < symbolCount; symbol++) {
      int[] next = targets[symbol];
      int count = targetCounts[symbol];
      if (count == 1) {
        automaton.addTransition(state, single(next[0], automaton), symbol);
      } else if (count > 1) {
        Integer target = known.get(new IntsRef(next, 0, count));
        if (target == null) {
          int[] states = Arrays.copyOf(next, count);
          target = number(union(states), automaton);
          known.put(new IntsRef(states, 0, count), target);
        }
        automaton.addTransition(state, target, symbol);
      }
    }
  }

  /** Notes for each symbol where it leads from the states of a set. */
  private void collectTargets(int[] set) {
    Arrays.fill(targetCounts, 0);
    for (int member : set) {
      if (nfa.states().get(member) instanceof Consume consume) {
        for (Edge edge : consume.edges()) {
          work(edge.symbols().length);
          for (int symbol : edge.symbols()) {
            int count = targetCounts[symbol]++;
            if (count == targets[symbol].length) {
              targets[symbol] = Arrays.copyOf(targets[symbol], 2 * count);
            }
            targets[symbol][count] = edge.target();
          }
        }
      }
    }
  }

  private int single(int target, Automaton automaton) {
    if (singles[target] == 0) {
      singles[target] = 1 + number(closure(target), automaton);
    }
    return singles[target] - 1;
  }

  private int number(int[] set, Automaton automaton) {
    IntsRef key = new IntsRef(set, 0, set.length);
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    if (sets.size() == CodePointLanguages.MAX_STATES) {
      throw new StateLimitException();
    }
    int state = automaton.createState();
    for (int member : set) {
      if (nfa.states().get(member) instanceof Accept) {
        automaton.setAccept(state, true);
      }
    }
    numbers.put(key, state);
    sets.add(set);
    return state;
  }

  private int[] union(int[] states) {
    List<int[]> parts = new ArrayList<>();
    for (int state : states) {
      int[] closure = closure(state);
      if (isUniversal(state)) {
        return closure;
      }
      parts.add(closure);
    }
    time++;
    int[] union = new int[parts.stream().mapToInt(part -> part.length).sum()];
    int size = 0;
    for (int[] part : parts) {
      work(part.length);
      for (int state : part) {
        if (seen[state] != time) {
          seen[state] = time;
          union[size++] = state;
        }
      }
    }
    int[] sorted = Arrays.copyOf(union, size);
    Arrays.sort(sorted);
    return sorted;
  }

  /** Whether every text is accepted from a state: it accepts, and goes on to itself. */
  private boolean isUniversal(int state) {
    if (!tested.get(state)) {
      tested.set(state);
      boolean accepts = false;
      boolean stays = false;
      for (int member : closure(state)) {
        NfaState reached = nfa.states().get(member);
        accepts |= reached instanceof Accept;
        stays |= reached instanceof Consume consume && leadsBack(consume, state);
      }
      universal.set(state, accepts && stays);
    }
    return universal.get(state);
  }

  private boolean leadsBack(Consume consume, int state) {
    for (Edge edge : consume.edges()) {
      if (edge.target() == state && edge.symbols().length == symbolCount) {
        return true;
      }
    }
    return false;
  }

  private int[] closure(int state) {
    int[] known = closures[state];
    if (known != null) {
      return known;
    }
    time++;
    List<Integer> open = new ArrayList<>(List.of(state));
    List<Integer> reached = new ArrayList<>();
    seen[state] = time;
    while (!open.isEmpty()) {
      work(1);
      int next = open.remove(open.size() - 1);
      if (!live[next]) {
        continue;
      }
      if (nfa.states().get(next) instanceof Split split) {
        for (int target : split.targets()) {
          if (seen[target] != time) {
            seen[target] = time;
            open.add(target);
          }
        }
      } else {
        reached.add(next);
      }
    }
    int[] closure = reached.stream().mapToInt(Integer::intValue).sorted().toArray();
    closures[state] = closure;
    return closure;
  }

  private void work(int amount) {
    work += amount;
    if (work > MAX_WORK) {
      throw new StateLimitException();
    }
  }
}
