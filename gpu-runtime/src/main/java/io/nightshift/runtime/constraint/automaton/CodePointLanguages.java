package io.nightshift.runtime.constraint.automaton;

import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.MinimizationOperations;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;

/**
 * Sets of strings as automata over code points. Every method returns a minimal deterministic
 * automaton without dead states. Surrogates are no characters: no string contains one.
 */
public final class CodePointLanguages {
  /** Maximum number of states of an automaton, and Lucene's limit on the work of making one. */
  public static final int MAX_STATES = 20_000;

  private static final int FIRST_SURROGATE = 0xD800;
  private static final int AFTER_SURROGATES = 0xE000;

  private static final Automaton CHARACTER = minimal(characters());
  private static final Automaton ALL = minimal(Operations.repeat(CHARACTER));

  private CodePointLanguages() {}

  private static Automaton characters() {
    return Operations.union(
        Automata.makeCharRange(0, FIRST_SURROGATE - 1),
        Automata.makeCharRange(AFTER_SURROGATES, Character.MAX_CODE_POINT));
  }

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
    return b == ALL ? a : minimal(Operations.intersection(a, b));
  }

  public static Automaton union(Automaton a, Automaton b) {
    return a == b ? a : minimal(Operations.union(a, b));
  }

  /** The strings of {@code a} that are not in {@code b}. */
  public static Automaton minus(Automaton a, Automaton b) {
    try {
      return minimal(Operations.minus(a, b, MAX_STATES));
    } catch (TooComplexToDeterminizeException e) {
      throw tooComplex();
    }
  }

  /**
   * The minimal deterministic automaton of a language, without surrogates.
   *
   * @throws ConstraintException if it has more than {@link #MAX_STATES} states, or takes too long
   */
  public static Automaton minimal(Automaton automaton) {
    try {
      Automaton minimal = MinimizationOperations.minimize(automaton, MAX_STATES);
      Automaton live = Operations.removeDeadStates(minimal);
      if (live.getNumStates() > MAX_STATES) {
        throw tooComplex();
      }
      return live;
    } catch (TooComplexToDeterminizeException e) {
      throw tooComplex();
    }
  }

  private static ConstraintException tooComplex() {
    return new ConstraintException(
        "needs an automaton of more than %s states: shorten bounded repetitions, or bound fewer of them"
            .formatted(MAX_STATES));
  }
}
