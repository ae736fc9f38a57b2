package io.nightshift.runtime.constraint.automaton;

import java.util.function.BinaryOperator;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;

/**
 * Sets of strings as automata over code points. Every method returns a minimal deterministic
 * automaton without dead states. Surrogates are no characters: no string contains one.
 */
public final class CodePointLanguages {
  /** Maximum number of states of an automaton, and Lucene's limit on the work of making one. */
  public static final int MAX_STATES = 20_000;

  /** Maximum number of transitions of an automaton: one for each run of neighboring characters. */
  public static final int MAX_TRANSITIONS = 500_000;

  private static final Automaton CHARACTER =
      minimal(Automata.makeCharRange(0, Character.MAX_CODE_POINT));
  private static final Automaton ALL = minimal(Operations.repeat(CHARACTER));

  private CodePointLanguages() {}

  /** Any single character. */
  public static Automaton character() {
    return CHARACTER;
  }

  /** All strings. */
  public static Automaton all() {
    return ALL;
  }

  /** One string. */
  public static Automaton of(String text) {
    return minimal(Automata.makeString(text));
  }

  /** The strings that are not in the set. */
  public static Automaton complement(Automaton language) {
    return minus(ALL, language);
  }

  public static Automaton intersection(Automaton a, Automaton b) {
    if (a == ALL || a == b) {
      return b;
    }
    return b == ALL ? a : overSymbols(a, b, Operations::intersection);
  }

  public static Automaton union(Automaton a, Automaton b) {
    return a == b ? a : overSymbols(a, b, Operations::union);
  }

  /** The strings of {@code a} that are not in {@code b}. */
  public static Automaton minus(Automaton a, Automaton b) {
    return overSymbols(a, b, (x, y) -> Operations.minus(x, y, MAX_STATES));
  }

  private static Automaton overSymbols(Automaton a, Automaton b, BinaryOperator<Automaton> set) {
    Alphabet alphabet = Alphabet.of(a, b);
    try {
      return alphabet.expand(minimize(set.apply(alphabet.compress(a), alphabet.compress(b))));
    } catch (TooComplexToDeterminizeException e) {
      throw tooComplex();
    }
  }

  /**
   * The minimal deterministic automaton of a language, without surrogates.
   *
   * @throws ConstraintException if it has more than {@link #MAX_STATES} states or {@link
   *     #MAX_TRANSITIONS} transitions, or takes too long
   */
  public static Automaton minimal(Automaton automaton) {
    Alphabet alphabet = Alphabet.of(automaton);
    return alphabet.expand(minimize(alphabet.compress(automaton)));
  }

  /**
   * The minimal deterministic automaton of one over the symbols of an {@link Alphabet}, without
   * dead states.
   *
   * @throws ConstraintException as {@link #minimal}
   */
  public static Automaton minimize(Automaton overSymbols) {
    try {
      Automaton deterministic = Operations.determinize(overSymbols, MAX_STATES);
      Automaton live = Operations.removeDeadStates(deterministic);
      if (live.getNumStates() > Minimization.MAX_STATES) {
        throw tooComplex();
      }
      Automaton minimal = Minimization.minimize(live);
      if (minimal.getNumStates() > MAX_STATES) {
        throw tooComplex();
      }
      return minimal;
    } catch (TooComplexToDeterminizeException e) {
      throw tooComplex();
    }
  }

  static ConstraintException tooComplex() {
    return new ConstraintException(
        "needs an automaton of more than %s states or %s transitions: shorten bounded repetitions, or bound fewer of them"
            .formatted(MAX_STATES, MAX_TRANSITIONS));
  }
}
