package io.nightshift.runtime.cuda.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TensorRowsTest {
  private static final List<TensorRows> ROWS =
      List.of(new TensorRows("a", 0, 3), new TensorRows("b", 7, 1), new TensorRows("c", 2, 4));

  @Test
  void everySliceHasItsRowsInOrder() {
    List<String> all = names(ROWS).toList();
    assertThat(all).containsExactly("a0", "a1", "a2", "b7", "c2", "c3", "c4", "c5");
    for (int from = 0; from <= all.size(); from++) {
      for (int end = from; end <= all.size(); end++) {
        assertThat(names(TensorRows.slice(ROWS, from, end - from)))
            .isEqualTo(all.subList(from, end));
      }
    }
  }

  private static Stream<String> names(List<TensorRows> rows) {
    return rows.stream()
        .flatMap(
            part ->
                IntStream.range(part.first(), part.first() + part.count())
                    .mapToObj(row -> part.tensor() + row));
  }
}
