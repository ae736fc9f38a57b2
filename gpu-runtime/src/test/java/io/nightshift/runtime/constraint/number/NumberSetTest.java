package io.nightshift.runtime.constraint.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberSetTest {

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1E+300",
        "-1E+300",
        "4.9E-324",
        "-1.7976931348623157E308",
        "123.456",
        "-0.5"
      })
  void boundsAreExact(String text) {
    BigDecimal bound = number(text);
    BigDecimal step = number("1E-390");
    for (BigDecimal value : List.of(bound.subtract(step), bound, bound.add(step))) {
      int order = value.compareTo(bound);
      assertThat(NumberSet.atLeast(bound).contains(value)).isEqualTo(order >= 0);
      assertThat(NumberSet.moreThan(bound).contains(value)).isEqualTo(order > 0);
      assertThat(NumberSet.atMost(bound).contains(value)).isEqualTo(order <= 0);
      assertThat(NumberSet.lessThan(bound).contains(value)).isEqualTo(order < 0);
      assertThat(NumberSet.of(bound).contains(value)).isEqualTo(order == 0);
    }
  }

  @Test
  void equalValuesAreOneNumber() {
    NumberSet same = NumberSet.of(number("5.0")).intersect(NumberSet.of(number("5")));
    assertThat(same.values(2)).contains(List.of(number("5")));
    assertThat(NumberSet.of(List.of(number("1E+2"), number("100.00"), number("0.10"))).values(3))
        .contains(List.of(number("0.1"), number("100")));
    assertThat(NumberSet.integers().contains(number("5.000"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 7, true",
    "1, 7.5, false",
    "1E-8, 0.00000001, true",
    "1E-8, 0.000000015, false",
    "0.01, 19.99, true",
    "0.01, 19.999, false",
    "0.25, -7.75, true",
    "0.25, -7.8, false",
    "1.5, 4.5, true",
    "1.5, 4, false",
    "300, 900, true",
    "300, 90, false",
    "300, 0, true",
    "1E+300, 7E+300, true",
    "1E+300, 7E+299, false",
    "1E+300, 0, true",
    "2.50, -5, true",
  })
  void multiples(String divisor, String value, boolean expected) {
    assertThat(NumberSet.multiplesOf(number(divisor)).contains(number(value))).isEqualTo(expected);
  }

  @Test
  void valuesAreSortedAndLimited() {
    NumberSet tenths =
        NumberSet.multiplesOf(number("0.5"))
            .intersect(NumberSet.moreThan(number("-1")))
            .intersect(NumberSet.atMost(number("1")));
    assertThat(tenths.isFinite()).isTrue();
    assertThat(tenths.values(4))
        .contains(List.of(number("-0.5"), number("0"), number("0.5"), number("1")));
    assertThat(tenths.values(3)).isEmpty();
    assertThat(NumberSet.integers().isFinite()).isFalse();
    assertThat(NumberSet.integers().values(10)).isEmpty();
    assertThat(NumberSet.integers().complement().intersect(NumberSet.integers()).values(0))
        .contains(List.of());
  }

  /** The cycle of the remainders is longer than Lucene's recursion may be. */
  @Test
  void longCyclesAreInfinite() {
    NumberSet multiples = NumberSet.multiplesOf(number("2017"));
    assertThat(multiples.isFinite()).isFalse();
    assertThat(multiples.intersect(NumberSet.atMost(number("-2016.5"))).isFinite()).isFalse();
  }

  @Test
  void twoMultiplesMeetInTheirLeastCommonOne() {
    NumberSet both =
        NumberSet.multiplesOf(number("0.4")).intersect(NumberSet.multiplesOf(number("0.6")));
    assertThat(both.minus(NumberSet.multiplesOf(number("1.2"))).isEmpty()).isTrue();
    assertThat(NumberSet.multiplesOf(number("1.2")).minus(both).isEmpty()).isTrue();
  }

  @Test
  void tooLargeAutomataAreRefused() {
    assertThatThrownBy(() -> NumberSet.multiplesOf(number("0.30000000000000004")))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("multiples of 0.30000000000000004")
        .hasMessageContaining(CodePointLanguages.MAX_STATES + " states");
    NumberSet multiples = NumberSet.multiplesOf(number("997"));
    assertThatThrownBy(() -> multiples.intersect(NumberSet.multiplesOf(number("991"))))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("two conditions on a number");
    assertThatThrownBy(() -> NumberSet.multiplesOf(number("-2")))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("use a positive number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E+999999999", "1E-999999999", "1E+400"})
  void tooLongNumbersAreRefused(String text) {
    BigDecimal bound = number(text);
    assertThatThrownBy(() -> NumberSet.atLeast(bound))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("more than 400 digits");
    assertThatThrownBy(() -> NumberSet.multiplesOf(bound)).isInstanceOf(ConstraintException.class);
    assertThatThrownBy(() -> NumberSet.of(bound)).isInstanceOf(ConstraintException.class);
  }
}
