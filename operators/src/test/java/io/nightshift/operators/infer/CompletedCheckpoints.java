package io.nightshift.operators.infer;

import java.time.Duration;

/** The checkpoints of the job that a test runs, in the process of all its tasks. */
final class CompletedCheckpoints {
  /** Far longer than any checkpoint of a test takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static int completed;

  private CompletedCheckpoints() {}

  static synchronized void add() {
    completed++;
    CompletedCheckpoints.class.notifyAll();
  }

  /**
   * Waits for a checkpoint that completes from now on.
   *
   * @throws IllegalStateException if there is none
   */
  static synchronized void awaitNext() throws InterruptedException {
    int before = completed;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (completed == before) {
      long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (millis <= 0) {
        throw new IllegalStateException("no checkpoint completes while the engine has rows");
      }
      CompletedCheckpoints.class.wait(millis);
    }
  }
}
