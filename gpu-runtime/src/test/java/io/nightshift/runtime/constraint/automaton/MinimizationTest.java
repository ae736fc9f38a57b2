package io.nightshift.runtime.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.MinimizationOperations;
import org.apache.lucene.util.automaton.Operations;
import org.junit.jupiter.api.Test;

class MinimizationTest {

  @Test
  void agreesWithLucene() {
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      Automaton automaton = randomAutomaton(random, 1 + random.nextInt(30));
      Automaton expected =
          Operations.removeDeadStates(MinimizationOperations.minimize(automaton, 10_000));
      Automaton minimal = Minimization.minimize(automaton);

      assertThat(minimal.isDeterministic()).isTrue();
      assertThat(minimal.getNumStates()).isEqualTo(expected.getNumStates());
      assertThat(Operations.sameLanguage(minimal, expected)).isTrue();
    }
  }

  private static Automaton randomAutomaton(Random random, int states) {
    Automaton automaton = new Automaton();
    for (int state = 0; state < states; state++) {
      automaton.createState();
      automaton.setAccept(state, random.nextInt(4) == 0);
    }
    for (int state = 0; state < states; state++) {
      int label = random.nextInt(2);
      for (int i = random.nextInt(4); i > 0; i--) {
        int last = label + random.nextInt(2);
        automaton.addTransition(state, random.nextInt(Math.min(states, 6)), label, last);
        label = last + 1;
      }
    }
    automaton.finishState();
    return Operations.removeDeadStates(automaton);
  }

  @Test
  void minimizesEmptyLanguagesAndEmptyStrings() {
    assertThat(Minimization.minimize(new Automaton()).getNumStates()).isZero();
    assertThat(Minimization.minimize(Automata.makeEmptyString()).getNumStates()).isEqualTo(1);
  }
}
