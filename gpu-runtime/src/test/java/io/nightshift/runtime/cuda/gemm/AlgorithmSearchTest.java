package io.nightshift.runtime.cuda.gemm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlgorithmSearchTest {
  private static final Algorithm SLOW = algorithm(1);
  private static final Algorithm FAST = algorithm(2);
  private static final Algorithm FASTEST = algorithm(3);

  /** A shape for which algorithms take given times; others it cannot do. */
  private record Contest(Gemm shape, List<Algorithm> named, Map<Algorithm, Integer> times)
      implements AlgorithmAutotuning {

    @Override
    public List<Algorithm> ranked() {
      return named.stream().sorted(Comparator.comparing(times::get)).toList();
    }

    @Override
    public boolean accepts(Algorithm algorithm) {
      return times.containsKey(algorithm);
    }

    @Override
    public TimedAlgorithm fastest(List<Algorithm> candidates) {
      return timed(Collections.min(candidates, Comparator.comparing(times::get)));
    }

    TimedAlgorithm timed(Algorithm algorithm) {
      return new TimedAlgorithm(algorithm, requireNonNull(times.get(algorithm)));
    }
  }

  @Test
  void takesTheBestOfTheShapesAround() {
    Contest small = contest(64, List.of(SLOW, FAST), Map.of(SLOW, 9, FAST, 5, FASTEST, 1));
    Contest large = contest(128, List.of(FASTEST), Map.of(FASTEST, 4));

    assertThat(AlgorithmSearch.fastest(List.of(small, large)))
        .isEqualTo(Map.of(small, small.timed(FASTEST), large, large.timed(FASTEST)));
  }

  @Test
  void leavesOutWhatAShapeCannotDoAndWhatIsFarAway() {
    Contest small = contest(64, List.of(SLOW), Map.of(SLOW, 9, FASTEST, 1));
    Contest middle = contest(128, List.of(FAST), Map.of(FAST, 5));
    Contest large = contest(256, List.of(FASTEST), Map.of(FASTEST, 4));

    assertThat(AlgorithmSearch.fastest(List.of(small, middle, large)))
        .isEqualTo(
            Map.of(
                small, small.timed(SLOW), middle, middle.timed(FAST), large, large.timed(FASTEST)));
  }

  private static Contest contest(int rows, List<Algorithm> named, Map<Algorithm, Integer> times) {
    return new Contest(new Gemm(rows, 4096, 4096, GemmType.BF16), named, times);
  }

  private static Algorithm algorithm(long word) {
    return new Algorithm(Collections.nCopies(8, word));
  }
}
