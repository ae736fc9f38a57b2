package io.nightshift.runtime.runner;

/**
 * Time of a step by its number of tokens, measured when the runner was created. Attention is not
 * included: it depends on the contexts, and its total does not depend on how tokens are distributed
 * over steps.
 */
@FunctionalInterface
public interface StepTimes {

  /**
   * Returns the time of a step.
   *
   * @param tokens from 1 to the maximum number of tokens per step
   * @return time in seconds
   */
  double seconds(int tokens);
}
