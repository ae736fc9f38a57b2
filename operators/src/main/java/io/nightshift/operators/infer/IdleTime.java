package io.nightshift.operators.infer;

import java.util.concurrent.TimeUnit;

/**
 * How long an engine has waited for rows, from its first row on. What it waits behind its last row
 * does not count: nothing is left then, or another task's tail.
 */
final class IdleTime {
  private volatile long firstRow;
  private volatile long lastRow;
  private volatile long waited;

  /** On the task's thread: the engine is given a row. */
  void rowGiven() {
    long now = System.nanoTime();
    if (firstRow == 0) {
      firstRow = now;
    }
    lastRow = now;
  }

  /** On the engine's thread: it had nothing to do for so long, and then was given a row. */
  void engineWaited(long sinceNanos, long untilNanos) {
    long from = Math.max(sinceNanos, firstRow);
    waited += Math.max(0, untilNanos - from);
  }

  long idleMillis() {
    return TimeUnit.NANOSECONDS.toMillis(waited);
  }

  /** From the first row given to the last. */
  long spanMillis() {
    return TimeUnit.NANOSECONDS.toMillis(lastRow - firstRow);
  }
}
