package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.runner.StepTimes;

/**
 * How many sequences to run at a time when the whole rest of the work is known. All at once makes
 * the first steps large and leaves the long outputs to themselves at the end, in steps that take
 * nearly as long for few tokens as for many. Fewer at a time, the longest first, make steps of
 * about one size until the end (list scheduling; Graham, "Bounds on multiprocessing timing
 * anomalies", 1969). Which is faster depends on how a step's time grows with its tokens.
 */
final class RunningLimit {
  /** Widths that are compared, evenly spaced. */
  private static final int CANDIDATES = 16;

  /**
   * What a smaller width must save to be taken, of the time of all decoding: places are filled
   * again in steps of another kind, and outputs may end before their bound.
   */
  private static final double LEAST_GAIN = 0.1;

  private final int[] outputs;
  private final long total;
  private final int longest;
  private final int running;
  private final StepTimes times;

  /**
   * @param outputs tokens to generate, of one sequence at least: first of the running ones, then of
   *     those that wait, in the order in which they start
   * @param running how many run already
   */
  RunningLimit(int[] outputs, int running, StepTimes times) {
    this.outputs = outputs;
    this.running = running;
    this.times = times;
    long sum = 0;
    int most = 0;
    for (int output : outputs) {
      sum += output;
      most = Math.max(most, output);
    }
    total = sum;
    longest = most;
  }

  /** The width with the least time; the number of all sequences if no other is clearly better. */
  int best() {
    int all = outputs.length;
    int best = all;
    double least = seconds(all) * (1 - LEAST_GAIN);
    for (int candidate = 1; candidate < CANDIDATES; candidate++) {
      int width = all * candidate / CANDIDATES;
      if (width >= Math.max(1, running)) {
        double seconds = seconds(width);
        if (seconds < least) {
          least = seconds;
          best = width;
        }
      }
    }
    return best;
  }

  /** The time of all steps, if {@code width} sequences run as long as any wait. */
  double seconds(int width) {
    // While any wait, all places are taken: the last one starts after total / width steps at most.
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
