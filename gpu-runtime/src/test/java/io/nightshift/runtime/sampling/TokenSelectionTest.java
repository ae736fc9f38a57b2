package io.nightshift.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenSelectionTest {

  @Test
  void keysOrderByFallingLogitThenRisingToken() {
    float[] falling = {
      Float.POSITIVE_INFINITY,
      3e38f,
      1,
      Float.MIN_VALUE,
      0,
      -Float.MIN_VALUE,
      -1,
      -3e38f,
      Float.NEGATIVE_INFINITY
    };
    for (int i = 1; i < falling.length; i++) {
      assertThat(TokenSelection.key(falling[i - 1], 9))
          .isLessThan(TokenSelection.key(falling[i], 0));
    }
    assertThat(TokenSelection.key(1, 4)).isLessThan(TokenSelection.key(1, 5));
    assertThat(TokenSelection.key(-0.0f, 4)).isEqualTo(TokenSelection.key(0.0f, 4));
    assertThat(TokenSelection.token(TokenSelection.key(-2.5f, 151_935))).isEqualTo(151_935);
  }

  @Test
  void selectsWhatASortWouldSelect() {
    Random random = new Random(1);
    for (int round = 0; round < 3000; round++) {
      int count = 1 + random.nextInt(60);
      int values = 1 + random.nextInt(40);
      double[] weights = new double[count];
      long[] keys = new long[count];
      for (int i = 0; i < count; i++) {
        float logit = random.nextInt(values) - 20;
        // Powers of two, whose sums are exact in any order.
        weights[i] = Math.scalb(1.0, (int) logit);
        keys[i] = TokenSelection.key(logit, i);
      }
      double target = random.nextDouble() * 1.1 * Arrays.stream(weights).sum();
      long[] sorted = keys.clone();
      Arrays.sort(sorted);
      int expected = 0;
      double sum = 0;
      do {
        sum += weights[TokenSelection.token(sorted[expected++])];
      } while (expected < count && sum < target);

      int selected =
          TokenSelection.select(keys, count, key -> weights[TokenSelection.token(key)], target);

      assertThat(selected).isEqualTo(expected);
      Arrays.sort(keys, 0, selected);
      assertThat(Arrays.copyOf(keys, selected)).isEqualTo(Arrays.copyOf(sorted, selected));
    }
  }
}
