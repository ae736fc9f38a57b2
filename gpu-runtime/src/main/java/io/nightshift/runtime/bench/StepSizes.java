package io.nightshift.runtime.bench;

import io.nightshift.runtime.runner.GemmFloor;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many steps of each number of tokens an engine has run. */
final class StepSizes {
  private final SortedMap<Integer, Long> steps = new TreeMap<>();

  void add(int tokens) {
    steps.merge(tokens, 1L, Long::sum);
  }

  /** Tokens of all steps. */
  long tokens() {
    return steps.entrySet().stream().mapToLong(size -> size.getKey() * size.getValue()).sum();
  }

  /**
   * The floor of a run that made these steps: what their products take at the best, scaled from the
   * tokens that were computed to those that had to be. Tokens computed twice raise the run's time
   * and not its floor.
   *
   * @param requiredTokens tokens that had to be computed
   * @return seconds
   */
  double floorSeconds(GemmFloor floor, long requiredTokens) {
    double seconds = 0;
    for (Map.Entry<Integer, Long> size : steps.entrySet()) {
      seconds += size.getValue() * floor.seconds(size.getKey());
    }
    return seconds * requiredTokens / tokens();
  }
}
