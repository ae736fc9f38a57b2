package io.nightshift.runtime.parallel;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the ranks' threads meet and exchange values. */
final class Rendezvous {
  private @Nullable Object[] arriving;
  private int arrived;
  private List<Object> last = List.of();
  private long meetings;
  private boolean aborted;

  Rendezvous(int degree) {
    arriving = new @Nullable Object[degree];
  }

  /**
   * Waits for the values of all ranks.
   *
   * @throws CollectiveAbortedException if another rank failed
   */
  @SuppressWarnings("unchecked") // ranks make the same calls
  synchronized <T> List<T> exchange(int rank, T mine) {
    arriving[rank] = mine;
    long meeting = meetings;
    if (++arrived == arriving.length) {
      last = List.of(Arrays.copyOf(arriving, arriving.length, Object[].class));
      arrived = 0;
      meetings++;
      notifyAll();
    }
    boolean interrupted = false;
    while (meeting == meetings && !aborted) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (aborted) {
      throw new CollectiveAbortedException();
    }
    // No rank can begin another meeting before this one has returned, so that it is the last.
    return (List<T>) last;
  }

  /** Releases all ranks that wait, or will wait, with an error. */
  synchronized void abort() {
    aborted = true;
    notifyAll();
  }
}
