package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.TokenMatcher;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.engine.PeriodicAnswers;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CanonicalConstraintTest {
  private static final int VOCABULARY = 100;

  @Test
  void masksAreThoseOfTheConstraintButForForcedTokens() {
    Random random = new Random(2);
    int forcedTokens = 0;
    for (int round = 0; round < 50; round++) {
      PeriodicAnswers constraint = new PeriodicAnswers(VOCABULARY, Set.of(99), 5, round);
      TokenMatcher expected = constraint.matcher();
      TokenMatcher canonical = new CanonicalConstraint(constraint, VOCABULARY).matcher();
      for (int remaining = 20; remaining > 0; remaining--) {
        int[] forced = expected.forced(remaining);
        TokenMask mask = canonical.mask(remaining);
        long[] words = expected.mask(remaining).words();
        if (forced.length > 0) {
          forcedTokens++;
          words = new long[words.length];
          words[forced[0] / Long.SIZE] = 1L << forced[0];
        }
        assertThat(mask.words()).isEqualTo(words);
        int[] allowed = random.ints(0, VOCABULARY - 1).filter(mask::contains).limit(1).toArray();
        expected.accept(allowed[0]);
        canonical.accept(allowed[0]);
      }
      assertThat(canonical.shortestEnd()).isEqualTo(expected.shortestEnd());
      assertThat(Arrays.equals(canonical.forced(3), expected.forced(3))).isTrue();
    }
    assertThat(forcedTokens).isGreaterThan(100);
  }
}
