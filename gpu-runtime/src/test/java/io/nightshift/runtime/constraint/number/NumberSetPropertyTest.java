package io.nightshift.runtime.constraint.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.lucene.util.automaton.Operations;
import org.junit.jupiter.api.Test;

/** Sets of random bounds and multiples, against the arithmetic of BigDecimal. */
class NumberSetPropertyTest {
  private static final int CASES = 100;

  private final Random random = new Random(14);

  /** A set, what it should be, and numbers near to where it changes. */
  private record Case(NumberSet set, Predicate<BigDecimal> expected, List<BigDecimal> edges) {}

  private BigDecimal number() {
    int digits = 1 + random.nextInt(random.nextInt(8) == 0 ? 12 : 4);
    long unscaled = random.nextLong((long) Math.pow(10, digits));
    BigDecimal number = BigDecimal.valueOf(unscaled, random.nextInt(5) - 1);
    return random.nextBoolean() ? number : number.negate();
  }

  private Case simple() {
    BigDecimal bound = number();
    return switch (random.nextInt(7)) {
      case 0 -> new Case(NumberSet.atLeast(bound), v -> v.compareTo(bound) >= 0, List.of(bound));
      case 1 -> new Case(NumberSet.moreThan(bound), v -> v.compareTo(bound) > 0, List.of(bound));
      case 2 -> new Case(NumberSet.atMost(bound), v -> v.compareTo(bound) <= 0, List.of(bound));
      case 3 -> new Case(NumberSet.lessThan(bound), v -> v.compareTo(bound) < 0, List.of(bound));
      case 4 -> new Case(NumberSet.of(bound), v -> v.compareTo(bound) == 0, List.of(bound));
      case 5 ->
          new Case(
              NumberSet.integers(), v -> v.stripTrailingZeros().scale() <= 0, List.of(number()));
      default -> multiples();
    };
  }

  private Case multiples() {
    BigDecimal divisor = BigDecimal.valueOf(1 + random.nextInt(60), random.nextInt(5) - 1);
    BigDecimal multiple = divisor.multiply(BigDecimal.valueOf(random.nextInt(2_000) - 1_000));
    return new Case(
        NumberSet.multiplesOf(divisor),
        v -> v.remainder(divisor).signum() == 0,
        List.of(multiple, divisor));
  }

  private Case combined(int depth) {
    if (depth == 0) {
      return simple();
    }
    Case a = combined(depth - 1);
    Case b = combined(depth - 1);
    List<BigDecimal> edges = new ArrayList<>(a.edges);
    edges.addAll(b.edges);
    return switch (random.nextInt(4)) {
      case 0 -> new Case(a.set.intersect(b.set), a.expected.and(b.expected), edges);
      case 1 -> new Case(a.set.union(b.set), a.expected.or(b.expected), edges);
      case 2 -> new Case(a.set.minus(b.set), a.expected.and(b.expected.negate()), edges);
      default -> new Case(a.set.complement(), a.expected.negate(), edges);
    };
  }

  private List<BigDecimal> candidates(Case drawn) {
    List<BigDecimal> candidates = new ArrayList<>();
    candidates.add(BigDecimal.ZERO);
    for (BigDecimal edge : drawn.edges) {
      for (BigDecimal value : List.of(edge, edge.negate(), edge.scaleByPowerOfTen(1))) {
        candidates.add(value);
        for (int scale = 0; scale <= 5; scale++) {
          BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen(-scale);
          candidates.add(value.add(step));
          candidates.add(value.subtract(step));
        }
      }
    }
    for (int i = 0; i < 20; i++) {
      candidates.add(number());
    }
    return candidates;
  }

  /** Its shortest text, and some with zeros at the end. */
  private static List<String> texts(BigDecimal value) {
    String shortest = value.stripTrailingZeros().toPlainString();
    String fraction = shortest.contains(".") ? "" : ".";
    return List.of(shortest, shortest + fraction + "0", shortest + fraction + "000");
  }

  @Test
  void containsWhatArithmeticSays() {
    for (int i = 0; i < CASES; i++) {
      Case drawn = combined(i % 3);
      for (BigDecimal value : candidates(drawn)) {
        assertThat(drawn.set.contains(value))
            .as("case %s, %s", i, value)
            .isEqualTo(drawn.expected.test(value));
      }
    }
  }

  @Test
  void alternativesWriteTheNumbersOfTheSet() {
    for (int i = 0; i < CASES; i++) {
      Case drawn = combined(i % 3);
      if (drawn.set.isEmpty()) {
        continue;
      }
      NumberAlternative alternative = drawn.set.toAlternative();
      for (BigDecimal value : candidates(drawn)) {
        List<String> texts = texts(value);
        boolean expected = drawn.expected.test(value);
        assertThat(Operations.run(alternative.text(), texts.get(0)))
            .as("case %s, %s", i, value)
            .isEqualTo(expected);
        if (!expected || alternative.integer()) {
          assertThat(texts.subList(1, 3))
              .as("case %s, %s", i, value)
              .noneMatch(text -> Operations.run(alternative.text(), text) && text.contains("."));
        }
        assertThat(alternative.integer() && value.stripTrailingZeros().scale() > 0 && expected)
            .isFalse();
      }
    }
  }

  @Test
  void laws() {
    for (int i = 0; i < CASES / 3; i++) {
      NumberSet a = combined(1).set;
      NumberSet b = combined(1).set;
      NumberSet c = simple().set;
      assertSame(a.complement().complement(), a);
      assertSame(a.union(b).complement(), a.complement().intersect(b.complement()));
      assertSame(a.minus(b), a.intersect(b.complement()));
      assertSame(a.intersect(b.union(c)), a.intersect(b).union(a.intersect(c)));
      assertSame(a.union(a.complement()), NumberSet.all());
      assertThat(a.intersect(a.complement()).isEmpty()).isTrue();
    }
  }

  private static void assertSame(NumberSet a, NumberSet b) {
    assertThat(a.minus(b).isEmpty() && b.minus(a).isEmpty()).isTrue();
  }
}
