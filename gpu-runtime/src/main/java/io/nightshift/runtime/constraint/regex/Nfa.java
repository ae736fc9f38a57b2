package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.Alphabet;
import io.nightshift.runtime.constraint.automaton.CodePointSet;
import io.nightshift.runtime.constraint.regex.NfaState.Accept;
import io.nightshift.runtime.constraint.regex.NfaState.Check;
import io.nightshift.runtime.constraint.regex.NfaState.Consume;
import io.nightshift.runtime.constraint.regex.NfaState.Edge;
import io.nightshift.runtime.constraint.regex.NfaState.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A nondeterministic automaton of a regular expression.
 *
 * @param states the states; some {@link Check} assertions
 * @param start the first state
 */
record Nfa(List<NfaState> states, int start) {
  private static final int MAX_STATES = 100_000;

  /**
   * Builds the automaton (Thompson, 1968), from the end to the beginning.
   *
   * @throws StateLimitException if it has too many states
   */
  static Nfa of(Node node, Alphabet alphabet) {
    Builder builder = new Builder(alphabet);
    int accept = builder.add(new Accept());
    int start = builder.build(node, accept);
    return new Nfa(builder.states, start);
  }

  private static final class Builder {
    private final Alphabet alphabet;
    private final Map<CodePointSet, int[]> symbols = new HashMap<>();
    private final List<NfaState> states = new ArrayList<>();

    Builder(Alphabet alphabet) {
      this.alphabet = alphabet;
    }

    int add(NfaState state) {
      if (states.size() == MAX_STATES) {
        throw new StateLimitException();
      }
      states.add(state);
      return states.size() - 1;
    }

    /** The state where what matches the node begins, and then goes on at {@code next}. */
    int build(Node node, int next) {
      if (node instanceof Node.Characters characters) {
        int[] set = symbols.computeIfAbsent(characters.set(), alphabet::symbols);
        return add(new Consume(List.of(new Edge(set, next))));
      }
      if (node instanceof Node.Assertion assertion) {
        return add(new Check(assertion, next));
      }
      if (node instanceof Node.Choice choice) {
        List<Integer> starts = new ArrayList<>();
        choice.branches().forEach(branch -> starts.add(build(branch, next)));
        return add(new Split(starts));
      }
      if (node instanceof Node.Repeat repeat) {
        return repetition(repeat, next);
      }
      List<Node> parts = ((Node.Sequence) node).parts();
      int start = next;
      for (int i = parts.size() - 1; i >= 0; i--) {
        start = build(parts.get(i), start);
      }
      return start;
    }

    private int repetition(Node.Repeat repeat, int next) {
      if (repeat.max() == Node.UNBOUNDED) {
        List<Integer> targets = new ArrayList<>();
        int loop = add(new Split(targets));
        int body = build(repeat.body(), loop);
        targets.add(body);
        targets.add(next);
        return repeat.min() == 0 ? loop : times(repeat.body(), repeat.min() - 1, body);
      }
      int start = next;
      for (int i = repeat.min(); i < repeat.max(); i++) {
        int body = build(repeat.body(), start);
        if (body == start) {
          return next;
        }
        start = add(new Split(List.of(body, next)));
      }
      return times(repeat.body(), repeat.min(), start);
    }

    private int times(Node body, int count, int next) {
      int start = next;
      for (int i = 0; i < count; i++) {
        int before = build(body, start);
        if (before == start) {
          return next;
        }
        start = before;
      }
      return start;
    }
  }
}
