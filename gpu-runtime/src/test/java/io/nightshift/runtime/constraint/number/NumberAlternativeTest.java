package io.nightshift.runtime.constraint.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import java.math.BigDecimal;
import org.apache.lucene.util.automaton.MinimizationOperations;
import org.apache.lucene.util.automaton.Operations;
import org.junit.jupiter.api.Test;

/** The texts in which the numbers of a set are written. */
class NumberAlternativeTest {

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }

  private static void assertTexts(
      NumberSet set, boolean integer, String[] accepted, String[] rejected) {
    NumberAlternative alternative = set.toAlternative();
    assertThat(alternative.integer()).isEqualTo(integer);
    assertThat(accepted).allMatch(text -> Operations.run(alternative.text(), text));
    assertThat(rejected).noneMatch(text -> Operations.run(alternative.text(), text));
    assertThat(alternative.text().isDeterministic()).isTrue();
    assertThat(Operations.hasDeadStates(alternative.text())).isFalse();
    assertThat(alternative.text().getNumStates())
        .isEqualTo(
            Operations.removeDeadStates(MinimizationOperations.minimize(alternative.text(), 20_000))
                .getNumStates());
  }

  private static String[] texts(String... texts) {
    return texts;
  }

  @Test
  void anyNumber() {
    assertTexts(
        NumberSet.all(),
        false,
        texts("0", "0.0", "-1", "5", "5.0", "5.00", "-0.5", "10", "123.450"),
        texts("", "-", "-0", "-0.0", "-0.00", "00", "01", "-01", "1.", ".5", "+1", "1e5", "1.5.5"));
  }

  @Test
  void integersHaveNoFraction() {
    assertTexts(
        NumberSet.integers().intersect(NumberSet.atLeast(BigDecimal.ZERO)),
        true,
        texts("0", "1", "10", "12345678901234567890"),
        texts("-1", "1.0", "0.0", "-0", "01"));
  }

  @Test
  void fewNumbersHaveOneTextEach() {
    NumberSet tenths =
        NumberSet.multiplesOf(number("0.1"))
            .intersect(NumberSet.atLeast(BigDecimal.ZERO))
            .intersect(NumberSet.atMost(BigDecimal.ONE));
    assertTexts(
        tenths, false, texts("0", "0.1", "0.9", "1"), texts("0.0", "0.10", "1.0", "1.1", "-0.1"));
    assertTexts(NumberSet.of(number("5.0")), true, texts("5"), texts("5.0", "5.00", "-5"));
  }

  @Test
  void multiplesHaveNoMoreDigitsThanTheyNeed() {
    assertTexts(
        NumberSet.multiplesOf(number("0.05")),
        false,
        texts("19.95", "19.9", "19.90", "20.00", "20.0", "20", "0.00", "-0.05"),
        texts("19.950", "20.000", "19.96", "-0.00"));
  }

  @Test
  void exactlyTenThousandIntegersAreFinite() {
    NumberSet upTo10000 =
        NumberSet.multiplesOf(number("0.5"))
            .intersect(NumberSet.moreThan(BigDecimal.ZERO))
            .intersect(NumberSet.atMost(number("5000")));
    assertTexts(upTo10000, false, texts("0.5", "1", "4999.5", "5000"), texts("0", "1.0", "5000.5"));
    NumberSet oneMore = upTo10000.union(NumberSet.of(BigDecimal.ZERO));
    assertTexts(oneMore, false, texts("0", "0.0", "1.0", "5000.0"), texts("0.00", "5000.5"));
  }

  @Test
  void anEmptySetHasNone() {
    NumberSet none = NumberSet.all().complement();
    assertThat(none.isEmpty()).isTrue();
    assertThatThrownBy(none::toAlternative).isInstanceOf(IllegalStateException.class);
  }
}
