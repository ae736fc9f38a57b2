package io.nightshift.runtime.constraint.automaton;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/**
 * Minimization of deterministic automata without dead states (Valmari, "Fast brief practical DFA
 * minimization", 2012): O(m log m) in the number of transitions, where Lucene's, which completes
 * the automaton first, takes the number of states times that of labels in objects.
 */
final class Minimization {
  private static final int STATE_BITS = 20;
  private static final int MASK = (1 << STATE_BITS) - 1;

  /** Maximum number of states of an automaton to minimize. */
  static final int MAX_STATES = 1 << STATE_BITS;

  private final Automaton automaton;

  /** One transition a label, sorted by label. */
  private final int[] sources;

  private final int[] targets;
  private final int[] labelBegins;

  private Minimization(Automaton automaton) {
    this.automaton = automaton;
    long[] byLabel = transitions(automaton);
    this.sources =
        Arrays.stream(byLabel).mapToInt(key -> (int) (key >>> STATE_BITS) & MASK).toArray();
    this.targets = Arrays.stream(byLabel).mapToInt(key -> (int) key & MASK).toArray();
    this.labelBegins =
        IntStream.range(0, byLabel.length)
            .filter(i -> i == 0 || label(byLabel[i]) != label(byLabel[i - 1]))
            .toArray();
  }

  private static long label(long transition) {
    return transition >>> 2 * STATE_BITS;
  }

  /** Label, source and target of each transition in a word, sorted. */
  private static long[] transitions(Automaton automaton) {
    long[] words = new long[automaton.getNumTransitions()];
    int size = 0;
    Transition transition = new Transition();
    for (int state = 0; state < automaton.getNumStates(); state++) {
      int count = automaton.initTransition(state, transition);
      for (int i = 0; i < count; i++) {
        automaton.getNextTransition(transition);
        for (int label = transition.min; label <= transition.max; label++) {
          if (size == words.length) {
            words = Arrays.copyOf(words, 2 * size);
          }
          words[size++] = ((long) label << STATE_BITS | state) << STATE_BITS | transition.dest;
        }
      }
    }
    long[] sorted = Arrays.copyOf(words, size);
    Arrays.sort(sorted);
    return sorted;
  }

  /**
   * The minimal automaton.
   *
   * @param automaton deterministic, without dead states, of at most {@link #MAX_STATES} states,
   *     over a small alphabet
   */
  static Automaton minimize(Automaton automaton) {
    if (automaton.getNumStates() == 0) {
      return automaton;
    }
    Minimization minimization = new Minimization(automaton);
    return minimization.merged(minimization.equivalentStates());
  }

  private Partition equivalentStates() {
    Partition states = new Partition(automaton.getNumStates(), 0);
    for (int state = 0; state < automaton.getNumStates(); state++) {
      if (automaton.isAccept(state)) {
        states.mark(state);
      }
    }
    states.split();
    Partition transitions = new Partition(targets.length, labelBegins);
    int[] incomingBegins = new int[automaton.getNumStates() + 1];
    int[] incoming = incoming(incomingBegins);
    int nextStates = 1;
    for (int next = 0; next < transitions.setCount(); next++) {
      for (int i = transitions.begin(next); i < transitions.end(next); i++) {
        states.mark(sources[transitions.element(i)]);
      }
      states.split();
      for (; nextStates < states.setCount(); nextStates++) {
        for (int i = states.begin(nextStates); i < states.end(nextStates); i++) {
          int target = states.element(i);
          for (int j = incomingBegins[target]; j < incomingBegins[target + 1]; j++) {
            transitions.mark(incoming[j]);
          }
        }
        transitions.split();
      }
    }
    return states;
  }

  /** The transitions by their target. */
  private int[] incoming(int[] begins) {
    for (int target : targets) {
      begins[target + 1]++;
    }
    Arrays.parallelPrefix(begins, Integer::sum);
    int[] next = begins.clone();
    int[] incoming = new int[targets.length];
    for (int i = 0; i < targets.length; i++) {
      incoming[next[targets[i]]++] = i;
    }
    return incoming;
  }

  /** An automaton with one state for each set; that of the first state comes first. */
  private Automaton merged(Partition states) {
    int first = states.setOf(0);
    Automaton merged = new Automaton();
    for (int set = 0; set < states.setCount(); set++) {
      merged.createState();
    }
    Transition transition = new Transition();
    for (int number = 0; number < states.setCount(); number++) {
      int member = states.element(states.begin(swap(number, first)));
      merged.setAccept(number, automaton.isAccept(member));
      int count = automaton.initTransition(member, transition);
      for (int i = 0; i < count; i++) {
        automaton.getNextTransition(transition);
        int target = swap(states.setOf(transition.dest), first);
        merged.addTransition(number, target, transition.min, transition.max);
      }
    }
    merged.finishState();
    return merged;
  }

  /** Numbers sets so that {@code first} and 0 change places. */
  private static int swap(int set, int first) {
    return set == first ? 0 : set == 0 ? first : set;
  }
}
