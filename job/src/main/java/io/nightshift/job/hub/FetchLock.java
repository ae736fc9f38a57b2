package io.nightshift.job.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to change something in a cache folder, held by one thread of one process on a machine.
 * A process that dies gives it up.
 *
 * <p>Processes exclude each other by a lock on a file. Such a lock belongs to a whole JVM, and is
 * lost when any of its threads closes the file, so threads exclude each other first: by a system
 * property, since two jobs in a TaskManager have class loaders of their own and share no static
 * field.
 */
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
   * Does something when nobody else has the lock.
   *
   * @param file of the lock, which is created, and stays
   * @throws InterruptedException if the thread is interrupted while it waits for another one
   * @throws IOException also if it is interrupted while it waits for another process
   */
  static <T> T holding(Path file, Action<T> action) throws IOException, InterruptedException {
    String property = "nightshift.lock." + file.toAbsolutePath().normalize();
    Properties ofTheJvm = System.getProperties();
    while (ofTheJvm.putIfAbsent(property, "held") != null) {
      Thread.sleep(POLL_MILLISECONDS);
    }
    try {
      Files.createDirectories(file.resolveSibling("."));
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        LOG.debug("{} is locked: {}", file, lock);
        return action.run();
      }
    } finally {
      ofTheJvm.remove(property);
    }
  }
}
