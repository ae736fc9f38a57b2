package io.nightshift.runtime.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.junit.jupiter.api.Test;

class CodePointLanguagesTest {
  private static final Automaton DIGITS =
      CodePointLanguages.minimal(Operations.repeat(Automata.makeCharRange('0', '9')));
  private static final Automaton HEXADECIMAL =
      CodePointLanguages.minimal(
          Operations.repeat(
              Operations.union(
                  Automata.makeCharRange('0', '9'), Automata.makeCharRange('a', 'f'))));

  @Test
  void setOperationsAreThoseOfTheStrings() {
    Automaton hexadecimalOnly = CodePointLanguages.minus(HEXADECIMAL, DIGITS);
    assertThat(accepted(hexadecimalOnly)).containsExactly("a", "1a");
    assertThat(accepted(CodePointLanguages.intersection(HEXADECIMAL, DIGITS)))
        .containsExactly("", "1");
    assertThat(accepted(CodePointLanguages.union(hexadecimalOnly, DIGITS)))
        .containsExactly("", "1", "a", "1a");
    assertThat(accepted(CodePointLanguages.complement(HEXADECIMAL)))
        .containsExactly("x", "1x", "\uD83D\uDE00");
  }

  private static List<String> accepted(Automaton automaton) {
    assertThat(automaton.isDeterministic()).isTrue();
    assertThat(Operations.hasDeadStates(automaton)).isFalse();
    assertThat(automaton.getNumStates())
        .isEqualTo(CodePointLanguages.minimal(automaton).getNumStates());
    return List.of("", "1", "a", "1a", "x", "1x", "\uD83D\uDE00").stream()
        .filter(text -> Operations.run(automaton, text))
        .toList();
  }

  @Test
  void surrogatesAreLeftOut() {
    assertThat(
            Operations.sameLanguage(
                CodePointLanguages.minimal(Automata.makeAnyString()), CodePointLanguages.all()))
        .isTrue();
    assertThat(CodePointLanguages.all().step(0, 0xD800)).isEqualTo(-1);
    assertThat(CodePointLanguages.complement(DIGITS).step(0, 0xDFFF)).isEqualTo(-1);
    assertThat(Operations.isEmpty(CodePointLanguages.of("\uD800"))).isTrue();
  }

  @Test
  void largeAutomataAreRefused() {
    Automaton chain = Operations.repeat(CodePointLanguages.character(), 30_000, 30_000);
    assertThatThrownBy(() -> CodePointLanguages.minimal(chain))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("more than 10000 states");
  }
}
