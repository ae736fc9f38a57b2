package io.nightshift.runtime.cuda.gemm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the fastest algorithms of GEMMs that differ in their rows only. cuBLASLt's heuristic names
 * a few for each shape, and often misses a fast one that it names for a neighboring shape. So the
 * algorithms of each shape are timed first, and then the fastest of them against the fastest of the
 * neighboring shapes.
 */
final class AlgorithmSearch {
  /** Number of its own algorithms that a shape takes to the second round. */
  private static final int OWN = 3;

  private AlgorithmSearch() {}

  /** The algorithms that are named for a shape, fastest first. */
  private record Ranked<C extends AlgorithmAutotuning>(C contest, List<Algorithm> algorithms) {
    int rows() {
      return contest.shape().rows();
    }
  }

  /** The fastest algorithm of each contest's shape. */
  static <C extends AlgorithmAutotuning> Map<C, TimedAlgorithm> fastest(List<C> contests) {
    List<Ranked<C>> ranked = new ArrayList<>();
    contests.forEach(contest -> ranked.add(new Ranked<>(contest, contest.ranked())));
    Map<C, TimedAlgorithm> fastest = new LinkedHashMap<>();
    ranked.forEach(
        each -> fastest.put(each.contest(), each.contest().fastest(secondRound(each, ranked))));
    return fastest;
  }

  private static <C extends AlgorithmAutotuning> List<Algorithm> secondRound(
      Ranked<C> own, List<Ranked<C>> all) {
    Set<Algorithm> candidates = new LinkedHashSet<>();
    own.algorithms().stream().limit(OWN).forEach(candidates::add);
    all.stream()
        .filter(other -> areClose(own.rows(), other.rows()))
        .map(other -> other.algorithms().get(0))
        .filter(own.contest()::accepts)
        .forEach(candidates::add);
    return new ArrayList<>(candidates);
  }

  private static boolean areClose(int rows, int others) {
    return rows <= 2 * others && others <= 2 * rows;
  }
}
