package io.nightshift.job.hub;

import io.nightshift.runtime.files.MachineLock;
import io.nightshift.runtime.files.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the right to change something in a cache folder. */
final class FetchLock {
  private static final Logger LOG = LoggerFactory.getLogger(FetchLock.class);
  private static final long POLL_MILLISECONDS = 50;

  private FetchLock() {}

  /** What is done under a lock. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * Does something when nobody else on this machine has the lock.
   *
   * @param file of the lock, which is created, and stays
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  static <T> T holding(Path file, Action<T> action) throws IOException, InterruptedException {
    WholeFile.createFolder(file.toAbsolutePath().resolveSibling(""));
    Optional<MachineLock> taken = MachineLock.tryTake(file);
    while (taken.isEmpty()) {
      Thread.sleep(POLL_MILLISECONDS);
      taken = MachineLock.tryTake(file);
    }
    try (MachineLock lock = taken.get()) {
      LOG.debug("{} is locked: {}", file, lock);
      return action.run();
    }
  }
}
