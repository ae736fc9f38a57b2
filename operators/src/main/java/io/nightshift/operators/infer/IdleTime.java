package io.nightshift.operators.infer;

import java.util.concurrent.TimeUnit;

/**
 * Time for which an engine has waited for rows, between its first and its last row. Time after the
 * last row does not count: there is no work left then, except for other tasks.
 */
public final class IdleTime {
  private volatile long firstRow;
  private volatile long lastRow;
  private volatile long waited;

  /** Called on the task thread when the engine is given a row. */
  void rowGiven() {
    long now = System.nanoTime();
    if (firstRow == 0) {
      firstRow = now;
    }
    lastRow = now;
  }

  /** Called on the engine thread when the engine is given a row after it had no work. */
  void engineWaited(long sinceNanos, long untilNanos) {
    long from = Math.max(sinceNanos, firstRow);
    waited += Math.max(0, untilNanos - from);
  }

  long idleMillis() {
    return TimeUnit.NANOSECONDS.toMillis(waited);
  }

  /** Time from the first row to the last. */
  long spanMillis() {
    return TimeUnit.NANOSECONDS.toMillis(lastRow - firstRow);
  }
}
