package io.nightshift.connectors.lease;

import java.io.IOException;
import java.io.Serializable;

/** Whether a job may still write where it does; asked on all machines of the job. */
public interface Ownership extends Serializable {

  /** That of a job whose output nobody else writes to. */
  Ownership UNDISPUTED = new Undisputed();

  /**
   * To be called before anything is made visible to others.
   *
   * @throws LeaseLostException if another run writes there now
   * @throws IOException if it cannot be found out
   */
  void requireHeld() throws IOException;

  /**
   * Shows that the job lives; to be called every {@link Lease#RENEWAL}.
   *
   * @throws LeaseLostException if another run writes there now
   * @throws IOException if it cannot be shown
   */
  void renew() throws IOException;

  /**
   * What the names of this run's files contain, so that it can tell them from those of other runs
   * and of other programs: letters and digits; empty where nobody else writes.
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
