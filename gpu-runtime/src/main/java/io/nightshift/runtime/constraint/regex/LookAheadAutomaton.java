package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import java.util.BitSet;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/** The texts that satisfy a look-ahead: a deterministic automaton over symbols. */
final class LookAheadAutomaton {
  /** There is no way on from here. */
  static final int DEAD = -1;

  private final Automaton automaton;

  /** States from which everything is accepted. */
  private final BitSet satisfied = new BitSet();

  private LookAheadAutomaton(Automaton automaton, int symbols) {
    this.automaton = automaton;
    for (int state = 0; state < automaton.getNumStates(); state++) {
      boolean stays = automaton.isAccept(state);
      for (int symbol = 0; symbol < symbols && stays; symbol++) {
        stays = automaton.step(state, symbol) == state;
      }
      satisfied.set(state, stays);
    }
  }

  /**
   * @param matching a minimal automaton of the texts that begin with what is looked for
   * @param symbols number of symbols
   */
  static LookAheadAutomaton of(Automaton matching, boolean negative, int symbols) {
    if (!negative) {
      return new LookAheadAutomaton(matching, symbols);
    }
    Automaton all = Operations.repeat(Automata.makeCharRange(0, symbols - 1));
    Automaton others = Operations.minus(all, matching, CodePointLanguages.MAX_STATES);
    return new LookAheadAutomaton(CodePointLanguages.minimize(others), symbols);
  }

  /** The first state, {@link #DEAD} if no text satisfies. */
  int start() {
    return automaton.getNumStates() == 0 ? DEAD : 0;
  }

  int step(int state, int symbol) {
    return automaton.step(state, symbol);
  }

  boolean isAccept(int state) {
    return automaton.isAccept(state);
  }

  /** Whether every text is accepted from here. */
  boolean isSatisfied(int state) {
    return satisfied.get(state);
  }
}
