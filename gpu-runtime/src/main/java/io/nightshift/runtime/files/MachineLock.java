package io.nightshift.runtime.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A lock that one thread of one process of one user on a machine holds. The operating system drops
 * it when the process ends; its file stays, and anybody may lock it.
 *
 * <p>Processes exclude each other by a lock on the file. Such a lock belongs to a whole JVM, and is
 * lost when any of its threads closes the file, so threads exclude each other first: by a system
 * property, since two jobs in a TaskManager have class loaders of their own and share no static
 * field.
 */
public final class MachineLock implements AutoCloseable {
  /** Whatever the umask of the user who comes first: the file is empty, and stays empty. */
  private static final Set<PosixFilePermission> EVERYBODY =
      PosixFilePermissions.fromString("rw-rw-rw-");

  private final String property;
  private final FileChannel channel;

  private MachineLock(String property, FileChannel channel) {
    this.property = property;
    this.channel = channel;
  }

  /**
   * Takes a lock if nobody holds it.
   *
   * @param file of the lock, in a folder that exists; it is created if it is missing
   * @return empty if another thread or process holds the lock
   * @throws AccessDeniedException naming the file's owner and the remedy, if this user may not open
   *     or create it
   */
  public static Optional<MachineLock> tryTake(Path file) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling("").toRealPath();
    String property = "nightshift.lock." + folder.resolve(file.getFileName());
    if (System.getProperties().putIfAbsent(property, "held") != null) {
      return Optional.empty();
    }
    Optional<MachineLock> lock = Optional.empty();
    try {
      lock = tryLock(open(file), property);
    } finally {
      if (lock.isEmpty()) {
        System.clearProperty(property);
      }
    }
    return lock;
  }

  private static Optional<MachineLock> tryLock(FileChannel channel, String property)
      throws IOException {
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Code that shares the file in this JVM but not the property, of another version.
      return Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? Optional.of(new MachineLock(property, channel)) : Optional.empty();
  }

  /**
   * Opens a file that is there without the flag that creates one: in a folder such as /tmp, Linux
   * denies that flag on another user's file, whatever its permissions (fs.protected_regular).
   */
  private static FileChannel open(Path file) throws IOException {
    if (!Files.exists(file)) {
      create(file);
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      permitEverybody(file);
      return channel;
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(
          file.toString(),
          null,
          "this user may not open the lock file, which belongs to %s; delete it once no process of theirs uses it"
              .formatted(Files.getOwner(file)));
    }
  }

  private static void create(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster.
    } catch (AccessDeniedException | NoSuchFileException e) {
      throw new AccessDeniedException(
          file.toString(), null, "this user may not create a lock file in this folder");
    }
  }

  /** The file's owner does so; others need not, who could open it. */
  private static void permitEverybody(Path file) throws IOException {
    if (!Files.getPosixFilePermissions(file).equals(EVERYBODY)) {
      try {
        Files.setPosixFilePermissions(file, EVERYBODY);
      } catch (FileSystemException e) {
        // Another user's file, which a group's permissions have let this user open.
      }
    }
  }

  /** Gives the lock up. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      System.clearProperty(property);
    }
  }
}
