package io.nightshift.runtime.runner;

/**
 * Lower bound of the time of a step: the time of its GEMMs alone. No scheduler can be faster at the
 * same precision.
 */
@FunctionalInterface
public interface GemmFloor {

  /**
   * Measures the best time of the GEMMs of {@code tokens} tokens with all linear layers of the
   * transformer layers, as the runner computes them. Attention and the projection to the vocabulary
   * are not included. A call takes several times as long as its result.
   *
   * @param tokens from 1 to the maximum number of tokens per step
   * @return time in seconds
   */
  double seconds(int tokens);
}
