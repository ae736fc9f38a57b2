package io.nightshift.runtime.constraint.number;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/** The texts of decimal numbers without exponent: {@code -?(0|[1-9][0-9]*)(\.[0-9]+)?}. */
final class DecimalTexts {
  /** Maximum number of digits before and after the point: all of a double have less. */
  static final int MAX_DIGITS = 400;

  private static final Automaton DIGIT = Automata.makeCharRange('0', '9');
  private static final Automaton NONZERO_DIGIT = Automata.makeCharRange('1', '9');
  private static final Automaton POINT = Automata.makeChar('.');
  private static final Automaton ZEROS_AFTER_POINT =
      Operations.concatenate(POINT, Operations.repeat(Automata.makeChar('0'), 1));

  /** Texts without a fraction, "-0" included. */
  private static final Automaton SIGNED_INTEGER =
      Operations.concatenate(
          Operations.optional(Automata.makeChar('-')),
          Operations.union(
              Automata.makeChar('0'),
              Operations.concatenate(NONZERO_DIGIT, Operations.repeat(DIGIT))));

  private static final Automaton NEGATIVE_ZERO =
      Operations.concatenate(Automata.makeString("-0"), Operations.optional(ZEROS_AFTER_POINT));

  /** All texts. Zero has no sign. */
  static final Automaton ALL =
      withoutNegativeZero(
          Operations.concatenate(
              SIGNED_INTEGER,
              Operations.optional(Operations.concatenate(POINT, Operations.repeat(DIGIT, 1)))));

  /** The integers, written without a fraction. */
  static final Automaton WITHOUT_FRACTION = withoutNegativeZero(SIGNED_INTEGER);

  /** The integers, with or without a fraction of zeros. */
  static final Automaton INTEGERS =
      CodePointLanguages.minimal(
          Operations.concatenate(WITHOUT_FRACTION, Operations.optional(ZEROS_AFTER_POINT)));

  /** The shortest text of each number. */
  static final Automaton SHORTEST =
      withoutNegativeZero(
          Operations.concatenate(
              SIGNED_INTEGER,
              Operations.optional(
                  Operations.concatenate(
                      List.of(POINT, Operations.repeat(DIGIT), NONZERO_DIGIT)))));

  private DecimalTexts() {}

  private static Automaton withoutNegativeZero(Automaton texts) {
    return CodePointLanguages.minus(CodePointLanguages.minimal(texts), NEGATIVE_ZERO);
  }

  /** The shortest text of a number. */
  static String shortest(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    long integerDigits = (long) stripped.precision() - stripped.scale();
    if (integerDigits > MAX_DIGITS || stripped.scale() > MAX_DIGITS) {
      throw new ConstraintException(
          "the number %s has more than %s digits before or after the point: use one with fewer"
              .formatted(value, MAX_DIGITS));
    }
    return stripped.toPlainString();
  }

  /** All texts of some numbers. */
  static Automaton of(Collection<BigDecimal> values) {
    TreeSet<BytesRef> integers = new TreeSet<>();
    TreeSet<BytesRef> fractions = new TreeSet<>();
    for (BigDecimal value : values) {
      String text = shortest(value);
      (text.indexOf('.') < 0 ? integers : fractions).add(new BytesRef(text));
    }
    List<Automaton> parts = new ArrayList<>();
    parts.add(
        Operations.concatenate(
            Automata.makeStringUnion(integers), Operations.optional(ZEROS_AFTER_POINT)));
    parts.add(
        Operations.concatenate(
            Automata.makeStringUnion(fractions), Operations.repeat(Automata.makeChar('0'))));
    return CodePointLanguages.minimal(Operations.union(parts));
  }

  /** All texts whose fraction, if any, has at most this number of digits. */
  static Automaton withFractionUpTo(int digits) {
    return CodePointLanguages.intersection(
        ALL,
        Operations.concatenate(
            SIGNED_INTEGER,
            Operations.optional(
                Operations.concatenate(POINT, Operations.repeat(DIGIT, 1, digits)))));
  }
}
