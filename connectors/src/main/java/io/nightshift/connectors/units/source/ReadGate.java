package io.nightshift.connectors.units.source;

import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
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

  /** What an operator does that has returned its rows. */
  @FunctionalInterface
  public interface Returned {
    /**
     * The operator forgets its unfinished rows. Called again for what the reader has returned
     * later.
     *
     * @param finish whether the input ends then; otherwise there is just nothing more to do
     */
    void forget(boolean finish);
  }

  /** The side of the reader. */
  interface Reader {
    /** The operator has reported its state. */
    void operatorReported();

    /** The operator ends before its rows are done: the reader returns them, and its own. */
    void leave(Map<String, BitSet> rowsOfOperator, Returned returned) throws IOException;
  }

  private static final ThreadLocal<@Nullable ReadGate> OF_THREAD = new ThreadLocal<>();

  private final Reader reader;
  private State state = State.IDLE;
  private long unfinishedRows;

  private ReadGate(Reader reader) {
    this.reader = reader;
  }

  /** Creates the gate of the current task. */
  static ReadGate create(Reader reader) {
    ReadGate gate = new ReadGate(reader);
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
      reader.operatorReported();
    }
  }

  /**
   * Stops before the task's rows are done, because its process is about to end: all of them go back
   * to the enumerator, which gives them to others.
   *
   * @param unfinishedByUnit unfinished rows of the operator, by the files of their units; they stay
   *     part of its state until they are returned
   * @param returned called, on the task's thread, when the operator must forget them
   */
  public void leave(Map<String, BitSet> unfinishedByUnit, Returned returned) throws IOException {
    reader.leave(unfinishedByUnit, returned);
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
