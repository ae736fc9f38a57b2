package io.nightshift.runtime.runner;

/**
 * How long steps take by their number of tokens, as measured when the runner was made. Attention is
 * left out: it depends on contexts, and comes to the same however tokens are spread over steps.
 */
@FunctionalInterface
public interface StepTimes {

  /**
   * The time of a step.
   *
   * @param tokens at least 1 and at most a step's
   * @return seconds
   */
  double seconds(int tokens);
}
