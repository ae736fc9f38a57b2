package io.nightshift.runtime.cpu;

/**
 * Where the workers of a step wait for each other, some hundred times a step: a short spin, since
 * they mostly arrive together, then a wait that leaves the core to others.
 */
final class StepBarrier {
  /** Some ten microseconds. */
  private static final int SPINS = 400;

  private final int parties;
  private int waiting;
  private volatile long generation;
  private volatile boolean broken;

  StepBarrier(int parties) {
    this.parties = parties;
  }

  /**
   * Waits for the other workers.
   *
   * @throws BrokenStepException if one of them failed
   */
  void await() {
    long arrived = generation;
    synchronized (this) {
      if (++waiting == parties) {
        waiting = 0;
        generation = arrived + 1;
        notifyAll();
        return;
      }
    }
    for (int i = 0; i < SPINS && generation == arrived && !broken; i++) {
      Thread.onSpinWait();
    }
    if (generation == arrived) {
      block(arrived);
    }
    if (broken) {
      throw new BrokenStepException();
    }
  }

  private synchronized void block(long arrived) {
    boolean interrupted = false;
    while (generation == arrived && !broken) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends everybody who waits, or comes to wait, away: a worker failed. */
  synchronized void breakNow() {
    broken = true;
    notifyAll();
  }

  /** Another worker of the step failed; its error is the one to report. */
  static final class BrokenStepException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
