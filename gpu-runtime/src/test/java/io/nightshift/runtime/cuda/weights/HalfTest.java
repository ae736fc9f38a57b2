package io.nightshift.runtime.cuda.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfTest {
  private static final int INFINITY = 0x7C00;

  @Test
  void everyHalfIsNearestToItself() {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      if ((bits & 0x7FFF) <= INFINITY) {
        assertThat(Half.nearest(value(bits))).isEqualTo((short) bits);
      } else {
        assertThat(value(Half.nearest(value(bits)) & 0xFFFF)).isNaN();
      }
    }
  }

  @Test
  void roundsToTheNearestAndTiesToEven() {
    Random random = new Random();
    for (int low = 0; low < INFINITY - 1; low++) {
      float below = value(low);
      float above = value(low + 1);
      float middle = (below + above) / 2;
      assertThat(Half.nearest(middle)).isEqualTo((short) (low + low % 2));
      float any = below + random.nextFloat() * (above - below);
      int expected = any < middle ? low : any > middle ? low + 1 : low + low % 2;
      assertThat(Half.nearest(any)).isEqualTo((short) expected);
      assertThat(Half.nearest(-any)).isEqualTo((short) (expected | 0x8000));
    }
    assertThat(Half.nearest(65_519)).isEqualTo((short) (INFINITY - 1));
    assertThat(Half.nearest(65_520)).isEqualTo((short) INFINITY);
  }

  /** The number that 16 bits stand for (IEEE 754). */
  static float value(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    float magnitude =
        exponent == 31
            ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
            : exponent == 0
                ? Math.scalb((float) fraction, -24)
                : Math.scalb((float) (1024 + fraction), exponent - 25);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }
}
