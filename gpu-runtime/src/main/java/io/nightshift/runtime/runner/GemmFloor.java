package io.nightshift.runtime.runner;

/**
 * How long a device's matrix products take when nothing else is done: the limit that no scheduler
 * can beat at a precision. A run's share of it says how much of its time was spent otherwise.
 */
@FunctionalInterface
public interface GemmFloor {

  /**
   * The best time of the products of {@code tokens} tokens with every linear layer of all
   * transformer layers, as the runner does them. Attention and the projection to the vocabulary are
   * not part of it. Measures, so a call takes several times as long as its result.
   *
   * @param tokens at least 1 and at most a step's
   * @return seconds
   */
  double seconds(int tokens);
}
