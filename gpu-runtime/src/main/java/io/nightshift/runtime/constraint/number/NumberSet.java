package io.nightshift.runtime.constraint.number;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.number.DecimalRange.Order;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.lucene.util.IntsRef;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.FiniteStringsIterator;
import org.apache.lucene.util.automaton.Operations;

/**
 * A set of decimal numbers, compared by value. Immutable.
 *
 * <p>It is kept as the automaton of all texts of its numbers that have no exponent, any number of
 * zeros at the end of the fraction included. A number whose texts are in the automaton has all of
 * them there, so that intersections, unions and complements of automata are those of the sets.
 * Every method throws {@link ConstraintException} if the automaton of its result is too large, or a
 * number too long.
 */
public final class NumberSet {
  /** Maximum number of values of which each is generated in one text only. */
  private static final int MAX_ENUMERATED = 10_000;

  private static final NumberSet ALL = new NumberSet(DecimalTexts.ALL);
  private static final NumberSet INTEGERS = new NumberSet(DecimalTexts.INTEGERS);

  private final Automaton texts;

  private NumberSet(Automaton texts) {
    this.texts = texts;
  }

  /** All numbers. */
  public static NumberSet all() {
    return ALL;
  }

  public static NumberSet integers() {
    return INTEGERS;
  }

  public static NumberSet atLeast(BigDecimal bound) {
    return range(bound, EnumSet.of(Order.EQUAL, Order.GREATER));
  }

  public static NumberSet moreThan(BigDecimal bound) {
    return range(bound, EnumSet.of(Order.GREATER));
  }

  public static NumberSet atMost(BigDecimal bound) {
    return range(bound, EnumSet.of(Order.LESS, Order.EQUAL));
  }

  public static NumberSet lessThan(BigDecimal bound) {
    return range(bound, EnumSet.of(Order.LESS));
  }

  private static NumberSet range(BigDecimal bound, Set<Order> orders) {
    return withoutNegativeZero(DecimalRange.of(bound, orders));
  }

  private static NumberSet withoutNegativeZero(Automaton automaton) {
    return new NumberSet(CodePointLanguages.intersection(automaton, DecimalTexts.ALL));
  }

  public static NumberSet of(BigDecimal value) {
    return of(List.of(value));
  }

  public static NumberSet of(Collection<BigDecimal> values) {
    return new NumberSet(DecimalTexts.of(values));
  }

  /**
   * The products of a number and all integers.
   *
   * @param divisor positive
   */
  public static NumberSet multiplesOf(BigDecimal divisor) {
    if (divisor.signum() <= 0) {
      throw new ConstraintException("multiples of %s: use a positive number".formatted(divisor));
    }
    return withoutNegativeZero(DecimalMultiples.of(divisor));
  }

  public NumberSet intersect(NumberSet other) {
    PairedStates.check(texts, other.texts);
    return new NumberSet(CodePointLanguages.intersection(texts, other.texts));
  }

  public NumberSet union(NumberSet other) {
    PairedStates.check(texts, other.texts);
    return new NumberSet(CodePointLanguages.union(texts, other.texts));
  }

  /** The numbers that are not in this set. */
  public NumberSet complement() {
    return ALL.minus(this);
  }

  /** The numbers of this set that are not in the other one. */
  public NumberSet minus(NumberSet other) {
    PairedStates.check(texts, other.texts);
    return new NumberSet(CodePointLanguages.minus(texts, other.texts));
  }

  public boolean isEmpty() {
    return Operations.isEmpty(texts);
  }

  public boolean contains(BigDecimal value) {
    return Operations.run(texts, DecimalTexts.shortest(value));
  }

  /** Whether the set has a finite number of numbers. */
  public boolean isFinite() {
    return FiniteLanguages.isFinite(shortest());
  }

  /**
   * The numbers in ascending order.
   *
   * @return empty if there are more than {@code limit}
   */
  public Optional<List<BigDecimal>> values(int limit) {
    Automaton shortest = shortest();
    if (!FiniteLanguages.hasAtMost(limit, shortest)) {
      return Optional.empty();
    }
    List<BigDecimal> values = new ArrayList<>();
    FiniteStringsIterator strings = new FiniteStringsIterator(shortest);
    for (IntsRef text = strings.next(); text != null; text = strings.next()) {
      values.add(new BigDecimal(new String(text.ints, text.offset, text.length)));
    }
    values.sort(null);
    return Optional.of(values);
  }

  /** The shortest text of each number. */
  private Automaton shortest() {
    return CodePointLanguages.intersection(texts, DecimalTexts.SHORTEST);
  }

  /**
   * How to write the numbers of this set: in their shortest texts if there are at most 10,000,
   * integers without a fraction, and other numbers with at most as many digits as any of them
   * needs.
   *
   * @throws IllegalStateException if the set is empty
   */
  public NumberAlternative toAlternative() {
    if (isEmpty()) {
      throw new IllegalStateException("no number to write");
    }
    boolean integer = minus(INTEGERS).isEmpty();
    Automaton shortest = shortest();
    if (FiniteLanguages.hasAtMost(MAX_ENUMERATED, shortest)) {
      return new NumberAlternative(shortest, integer);
    }
    if (integer) {
      return new NumberAlternative(
          CodePointLanguages.intersection(texts, DecimalTexts.WITHOUT_FRACTION), true);
    }
    OptionalInt digits = FiniteLanguages.longestAfter(shortest, '.');
    Automaton bounded =
        digits.isPresent()
            ? CodePointLanguages.intersection(
                texts, DecimalTexts.withFractionUpTo(digits.getAsInt()))
            : texts;
    return new NumberAlternative(bounded, false);
  }
}
