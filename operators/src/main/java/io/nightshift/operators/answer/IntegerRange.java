package io.nightshift.operators.answer;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/** Whether the integers that a schema allows fit into 64 bits. */
enum IntegerRange {
  /** All of them do. */
  LONG,
  /** The schema has bounds, which do not. */
  BEYOND_LONG,
  /** The schema has no bound on at least one side. */
  UNBOUNDED;

  private static final int MINUS = '-';

  /**
   * @param texts integers in decimal notation without leading zeros: minimal, deterministic and
   *     without dead states
   */
  static IntegerRange of(Automaton texts) {
    List<Integer> order = topologicalOrder(texts);
    if (order.size() < texts.getNumStates()) {
      return UNBOUNDED;
    }
    String[] greatest = new String[texts.getNumStates()];
    for (int i = order.size() - 1; i >= 0; i--) {
      greatest[order.get(i)] = greatestDigits(texts, order.get(i), greatest);
    }
    int afterMinus = texts.step(0, MINUS);
    return isLong(greatest[0]) && (afterMinus < 0 || isLong("-" + greatest[afterMinus]))
        ? LONG
        : BEYOND_LONG;
  }

  private static boolean isLong(String integer) {
    return integer.isEmpty() || new BigInteger(integer).bitLength() < Long.SIZE;
  }

  /** The states from the first one on, each after those that lead to it; not those of cycles. */
  private static List<Integer> topologicalOrder(Automaton texts) {
    Transition transition = new Transition();
    int[] incoming = new int[texts.getNumStates()];
    for (int state = 0; state < incoming.length; state++) {
      for (int i = texts.initTransition(state, transition); i > 0; i--) {
        texts.getNextTransition(transition);
        incoming[transition.dest]++;
      }
    }
    List<Integer> order = new ArrayList<>();
    if (incoming[0] == 0) {
      order.add(0);
    }
    for (int next = 0; next < order.size(); next++) {
      for (int i = texts.initTransition(order.get(next), transition); i > 0; i--) {
        texts.getNextTransition(transition);
        if (--incoming[transition.dest] == 0) {
          order.add(transition.dest);
        }
      }
    }
    return order;
  }

  /** The greatest number from a state on: the longest text, and the last one in order of those. */
  private static String greatestDigits(Automaton texts, int state, String[] greatest) {
    Transition transition = new Transition();
    String best = "";
    for (int i = texts.initTransition(state, transition); i > 0; i--) {
      texts.getNextTransition(transition);
      if (transition.max != MINUS) {
        String text = Character.toString(transition.max) + greatest[transition.dest];
        boolean greater =
            text.length() == best.length()
                ? text.compareTo(best) > 0
                : text.length() > best.length();
        best = greater ? text : best;
      }
    }
    return best;
  }
}
