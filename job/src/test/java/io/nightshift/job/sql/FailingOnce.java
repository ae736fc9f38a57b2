package io.nightshift.job.sql;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.table.functions.ScalarFunction;

/** A function of SQL that fails once in the middle of the rows, and returns them otherwise. */
public final class FailingOnce extends ScalarFunction {
  private static final long serialVersionUID = 1L;
  private static final int ROWS_BEFORE = 70;

  private static final AtomicInteger ROWS = new AtomicInteger();
  private static final AtomicBoolean FAILED = new AtomicBoolean();

  static void reset() {
    ROWS.set(0);
    FAILED.set(false);
  }

  static boolean hasFailed() {
    return FAILED.get();
  }

  /** Returns the value. */
  public Integer eval(Integer value) {
    if (ROWS.incrementAndGet() > ROWS_BEFORE && FAILED.compareAndSet(false, true)) {
      throw new IllegalStateException("a failure of the test");
    }
    return value;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }
}
