package io.nightshift.job.hub;

import io.nightshift.runtime.files.AtomicWrite;
import io.nightshift.runtime.files.MachineLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock for changes to a cache folder. */
final class FetchLock {
  private static final Logger LOG = LoggerFactory.getLogger(FetchLock.class);
  private static final long POLL_MILLISECONDS = 50;

  private FetchLock() {}

  /** An action that runs under a lock. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * Runs an action while no other process on this machine holds the lock.
   *
   * @param file lock file, which is created if it is missing and never deleted
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  static <T> T holding(Path file, Action<T> action) throws IOException, InterruptedException {
    AtomicWrite.createFolder(file.toAbsolutePath().resolveSibling(""));
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
