package io.nightshift.runtime.parallel;

/**
 * Waits that an interrupt does not end: it is meant for the engine's thread, and a rank that is in
 * the middle of something cannot be left alone. The thread stays interrupted.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** A wait up to a deadline of its own, which can be begun again. */
  interface Wait<T> {
    T call() throws InterruptedException;
  }

  static <T> T await(Wait<T> wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.call();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
