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

  private final Runnable stateChanged;
  private State state = State.IDLE;

  private ReadGate(Runnable stateChanged) {
    this.stateChanged = stateChanged;
  }

  /**
   * Creates the gate of the current task.
   *
   * @param stateChanged called when the state of the operator changes
   */
  static ReadGate create(Runnable stateChanged) {
    ReadGate gate = new ReadGate(stateChanged);
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

  /** Reports the operator's state. */
  public void report(State reported) {
    if (reported != state) {
      state = reported;
      stateChanged.run();
    }
  }

  State state() {
    return state;
  }

  /** Removes the gate from the current task. */
  void remove() {
    OF_THREAD.remove();
  }
}
