package io.nightshift.runtime.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowOrderTest {

  @Test
  void findsTheInterleavedRowsOfEachHead() {
    RowOrder order = RowOrder.interleavedPairs(6);
    int[] stored = IntStream.range(0, 12).map(order::storedRow).toArray();
    assertThat(stored).containsExactly(0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11);
  }
}
