package io.nightshift.job.progress;

import java.util.function.Supplier;

/** Shows people how a run gets on. */
public interface ProgressDisplay {

  /**
   * Shows what {@code source} says, at once and then again and again, until the returned handle is
   * closed. The source is called on another thread, one call at a time; it must be quick and must
   * not throw.
   */
  Following follow(Supplier<ProgressSnapshot> source);

  /** A display that is going on. */
  interface Following extends AutoCloseable {

    /** Shows the last state and stops. Harmless when called twice. */
    @Override
    void close();
  }
}
