package io.nightshift.runtime.cpu;

/**
 * Barrier of a step's workers, used about a hundred times per step. A worker spins briefly, since
 * workers mostly arrive together, and then blocks, which frees the core.
 */
final class StepBarrier {
  /** About ten microseconds. */
  private static final int SPINS = 400;

  private final int parties;
  private final Runnable barrierAction;
  private int waiting;
  private volatile long generation;
  private volatile boolean broken;

  /**
   * @param barrierAction run by the last worker to arrive, before it releases the others
   */
  StepBarrier(int parties, Runnable barrierAction) {
    this.parties = parties;
    this.barrierAction = barrierAction;
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
        barrierAction.run();
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

  /** Releases all workers that wait, or will wait, with an error. */
  synchronized void abort() {
    broken = true;
    notifyAll();
  }

  /** Another worker of the step failed, and its error is the one to report. */
  static final class BrokenStepException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
