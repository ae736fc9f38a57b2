package io.nightshift.runtime.constraint.automaton;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BinaryOperator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IntsRef;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.FiniteStringsIterator;
import org.apache.lucene.util.automaton.LimitedFiniteStringsIterator;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;

/**
 * Sets of strings as automata over code points. Every method returns a minimal deterministic
 * automaton without dead states. Surrogates are no characters: no string contains one.
 */
public final class CodePointLanguages {
  /** Maximum number of states of an automaton, and Lucene's limit on the work of making one. */
  public static final int MAX_STATES = 10_000;

  /** Maximum number of transitions of an automaton: one for each run of neighboring characters. */
  public static final int MAX_TRANSITIONS = 500_000;

  /** In bytes of UTF-8, of which a UTF-16 character has at most 3. */
  private static final int LONGEST_OF_UNION = Automata.MAX_STRING_UNION_TERM_LENGTH / 3;

  private static final Automaton NONE = Automata.makeEmpty();
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

  /** No string. */
  public static Automaton none() {
    return NONE;
  }

  /** One string. */
  public static Automaton of(String text) {
    return of(List.of(text));
  }

  /** Some strings. */
  public static Automaton of(Collection<String> texts) {
    return minimal(union(texts));
  }

  /** All strings but some. The automaton is deterministic and without dead states, not minimal. */
  public static Automaton allBut(Collection<String> texts) {
    if (texts.isEmpty()) {
      return ALL;
    }
    ExcludedTexts excluded = new ExcludedTexts();
    texts.stream().filter(CodePointLanguages::isText).forEach(excluded::add);
    return excluded.build();
  }

  private static Automaton union(Collection<String> texts) {
    List<String> valid = texts.stream().filter(CodePointLanguages::isText).distinct().toList();
    if (valid.stream().anyMatch(text -> text.length() > LONGEST_OF_UNION)) {
      return Operations.union(valid.stream().map(Automata::makeString).toList());
    }
    return Automata.makeStringUnion(valid.stream().map(BytesRef::new).sorted().toList());
  }

  /**
   * The number of strings of a language without dead states.
   *
   * @param limit number from which on it is not counted further
   */
  public static int count(Automaton language, int limit) {
    if (!Operations.isFinite(language)) {
      return limit;
    }
    FiniteStringsIterator strings = new LimitedFiniteStringsIterator(language, limit);
    int count = 0;
    while (strings.next() != null) {
      count++;
    }
    return count;
  }

  /** The strings of a finite language, ordered by code points. */
  public static List<String> strings(Automaton language) {
    List<String> strings = new ArrayList<>();
    FiniteStringsIterator iterator = new FiniteStringsIterator(language);
    for (IntsRef next = iterator.next(); next != null; next = iterator.next()) {
      strings.add(new String(next.ints, next.offset, next.length));
    }
    return strings;
  }

  /** Whether a string has no unpaired surrogates. */
  private static boolean isText(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
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

  /**
   * The strings of {@code a} that are in a large {@code b}. The automaton is deterministic and
   * without dead states, not minimal.
   */
  public static Automaton within(Automaton a, Automaton b) {
    if (a == ALL) {
      return b;
    }
    return b == ALL ? a : Operations.removeDeadStates(Operations.intersection(a, b));
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
