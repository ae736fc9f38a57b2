package io.nightshift.connectors.units.source;

import org.jspecify.annotations.Nullable;

/**
 * Backpressure from the operator that is chained to a {@link WorkUnitSource}. If the operator
 * waited in the task's thread, it would delay every checkpoint of the job. So it reports its state
 * here, and the source's reader pauses instead: it emits nothing while the operator is full, and
 * delays the end of its input until the operator has finished all rows.
 *
 * <p>The operators of a Flink task share one thread, which runs no other task. A task's gate is
 * found through that thread and used by it alone.
 */
public final class ReadGate {
  /** The state of the operator after the reader. */
  public enum State {
    /** Has finished all rows. */
    IDLE,
    /** Has unfinished rows, and accepts more. */
    BUSY,
    /** Accepts no more rows for now. */
    FULL
  }

  private static final ThreadLocal<@Nullable ReadGate> OF_THREAD = new ThreadLocal<>();

  private final Runnable reported;
  private State state = State.IDLE;
  private long unfinishedRows;

  private ReadGate(Runnable reported) {
    this.reported = reported;
  }

  /**
   * Creates the gate of the current task.
   *
   * @param reported called when the operator has reported its state
   */
  static ReadGate create(Runnable reported) {
    ReadGate gate = new ReadGate(reported);
    OF_THREAD.set(gate);
    return gate;
  }

  /**
   * The gate of the current task, which an operator reports to from its opening on.
   *
   * @throws IllegalStateException if the task does not read work units: the operator is not chained
   *     to their source
   */
  public static ReadGate ofCurrentTask() {
    ReadGate gate = OF_THREAD.get();
    if (gate == null) {
      throw new IllegalStateException(
          "The operator is not in the task of the work unit source that feeds it. Chain the two:"
              + " set pipeline.operator-chaining.enabled to true, and give both the same"
              + " parallelism and slot sharing group.");
    }
    return gate;
  }

  /**
   * Reports the operator's state.
   *
   * @param unfinished number of unfinished rows
   */
  public void report(State now, long unfinished) {
    if (now != state || unfinished != unfinishedRows) {
      state = now;
      unfinishedRows = unfinished;
      reported.run();
    }
  }

  /** The number of rows that the operator has and has not finished. */
  long unfinishedRows() {
    return unfinishedRows;
  }

  State state() {
    return state;
  }

  /** Removes the gate from the current task. */
  void remove() {
    OF_THREAD.remove();
  }
}
