package io.nightshift.job.progress;

import java.util.function.Supplier;

/** Shows the progress of a run. */
public interface ProgressDisplay {

  /**
   * Shows what {@code source} returns, at once and then at intervals, until the returned handle is
   * closed. The source is called on another thread, one call at a time; it must be quick and must
   * not throw.
   */
  Following follow(Supplier<ProgressSnapshot> source);

  /** A display that is being updated. */
  interface Following extends AutoCloseable {

    /** Shows the last state and stops. Calling it twice is harmless. */
    @Override
    void close();
  }
}
