package io.nightshift.runtime.bench;

import io.nightshift.runtime.runner.GemmFloor;
import java.util.HashMap;
import java.util.Map;

/**
 * A floor that is measured at some numbers of tokens only, each once: powers of two, one and a half
 * times these, and the largest step. In between it is a straight line. A run has hundreds of step
 * sizes, and timing each of them would take longer than the run.
 */
final class InterpolatedFloor implements GemmFloor {
  private final GemmFloor measured;
  private final int maxTokens;
  private final Map<Integer, Double> known = new HashMap<>();

  /**
   * @param maxTokens tokens of the largest step
   */
  InterpolatedFloor(GemmFloor measured, int maxTokens) {
    this.measured = measured;
    this.maxTokens = maxTokens;
  }

  @Override
  public double seconds(int tokens) {
    int power = Integer.highestOneBit(tokens);
    int middle = power + power / 2;
    int lower = tokens == maxTokens ? tokens : tokens < middle ? power : middle;
    int upper = tokens == lower ? lower : Math.min(tokens < middle ? middle : 2 * power, maxTokens);
    double low = measure(lower);
    if (lower == upper) {
      return low;
    }
    return low + (measure(upper) - low) * (tokens - lower) / (upper - lower);
  }

  private double measure(int tokens) {
    return known.computeIfAbsent(tokens, measured::seconds);
  }
}
