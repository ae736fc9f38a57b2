package io.nightshift.runtime.bench;

/** A workload could not be run as it should be, so that there is nothing to report. */
public final class BenchmarkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what could not be run, and why
   */
  public BenchmarkException(String message) {
    super(message);
  }
}
