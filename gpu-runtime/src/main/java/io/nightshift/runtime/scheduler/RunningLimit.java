package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.runner.StepTimes;

/**
 * Chooses how many sequences run at a time once all remaining work is known. If all run at once,
 * the first steps are large, and at the end only the long outputs are left, in small steps that
 * take nearly as long as large ones. If fewer run at a time, the longest first, steps have about
 * the same size until the end (list scheduling; Graham, "Bounds on multiprocessing timing
 * anomalies", 1969). Which is faster depends on how the time of a step grows with its number of
 * tokens.
 */
final class RunningLimit {
  /** Number of widths that are compared, evenly spaced. */
  private static final int CANDIDATES = 16;

  /**
   * Minimum gain of a smaller width, as a fraction of the total decoding time. Accounts for steps
   * that refill free places, which have prefills, and for outputs that end before their limit.
   */
  private static final double MIN_GAIN = 0.1;

  private final int[] outputs;
  private final long total;
  private final int longest;
  private final int running;
  private final StepTimes times;

  /**
   * @param outputs number of tokens to generate for each sequence, at least one: first the running
   *     sequences, then the waiting ones in the order in which they start
   * @param running number of running sequences
   */
  RunningLimit(int[] outputs, int running, StepTimes times) {
    this.outputs = outputs;
    this.running = running;
    this.times = times;
    long sum = 0;
    int max = 0;
    for (int output : outputs) {
      sum += output;
      max = Math.max(max, output);
    }
    total = sum;
    longest = max;
  }

  /**
   * Returns the width with the shortest time; the number of all sequences if no other is clearly
   * better.
   */
  int best() {
    int all = outputs.length;
    int best = all;
    double shortest = seconds(all) * (1 - MIN_GAIN);
    for (int candidate = 1; candidate < CANDIDATES; candidate++) {
      int width = all * candidate / CANDIDATES;
      if (width >= Math.max(1, running)) {
        double seconds = seconds(width);
        if (seconds < shortest) {
          shortest = seconds;
          best = width;
        }
      }
    }
    return best;
  }

  /**
   * Returns the total time of all steps if {@code width} sequences run as long as any are waiting.
   */
  double seconds(int width) {
    // While sequences wait, all places are taken: the last one starts after at most total / width
    // steps.
    int[] ending = new int[Math.toIntExact(total / width) + longest + 1];
    int next = 0;
    int active = 0;
    double seconds = 0;
    double step = 0;
    for (int time = 0; ; time++) {
      int before = active;
      active -= ending[time];
      while (active < width && next < outputs.length) {
        int output = outputs[next++];
        if (output > 0) {
          ending[time + output]++;
          active++;
        }
      }
      if (active == 0) {
        return seconds;
      }
      step = active == before ? step : times.seconds(active);
      seconds += step;
    }
  }
}
