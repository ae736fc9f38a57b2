package io.nightshift.connectors.lease;

import java.io.IOException;
import java.io.Serializable;

/** The right of a job to write to its output, which can be checked on all machines of the job. */
public interface Ownership extends Serializable {

  /** For a job whose output nobody else writes to. */
  Ownership UNDISPUTED = new Undisputed();

  /**
   * Must be called before anything is made visible to others.
   *
   * @throws LeaseLostException if another run writes there now
   * @throws IOException if that cannot be determined
   */
  void requireHeld() throws IOException;

  /**
   * Shows that the job lives. Must be called every {@link Lease#RENEWAL}.
   *
   * @throws LeaseLostException if another run writes there now
   * @throws IOException if it cannot be shown
   */
  void renew() throws IOException;

  /**
   * Part of the names of this run's files, which distinguishes them from those of other runs and
   * programs: letters and digits; empty if nobody else writes.
   */
  String runId();

  /** An ownership that is never lost. */
  final class Undisputed implements Ownership {
    private static final long serialVersionUID = 1L;

    private Undisputed() {}

    @Override
    public void requireHeld() {}

    @Override
    public void renew() {}

    @Override
    public String runId() {
      return "";
    }
  }
}
