package io.nightshift.runtime.parallel;

import io.nightshift.runtime.runner.DeviceException;

/** A rank stopped waiting for another one that failed, whose failure is the one to report. */
public final class CollectiveAbortedException extends DeviceException {
  private static final long serialVersionUID = 1L;

  public CollectiveAbortedException() {
    super("Another rank failed");
  }
}
