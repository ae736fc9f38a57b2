package io.nightshift.runtime.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

/**
 * Files of caches that processes and users share. A reader never sees half of one, and a new file
 * has the permissions that the process's umask leaves it, unlike Java's temporary files, which
 * nobody but their owner can read.
 */
public final class AtomicWrite {
  private AtomicWrite() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content<E extends Exception> {
    /**
     * @param file to create
     */
    void writeTo(Path file) throws IOException, E;
  }

  /**
   * Writes a file under another name in the same folder, which is created where it is missing, and
   * moves it into place, over a file that may be there. If writing fails, nothing is left.
   *
   * @throws AccessDeniedException naming the folder and the remedy, if this user may not write
   *     there
   */
  public static <E extends Exception> void create(Path file, Content<E> content)
      throws IOException, E {
    Path folder = createFolder(file.toAbsolutePath().resolveSibling(""));
    Path unfinished = folder.resolve(file.getFileName() + "." + UUID.randomUUID() + ".new");
    try {
      content.writeTo(unfinished);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AccessDeniedException e) {
      throw Files.isWritable(folder) ? e : denied(folder);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * Creates a folder of a cache and those above it, where they are missing.
   *
   * @return the folder
   * @throws AccessDeniedException as {@link #create}
   */
  public static Path createFolder(Path folder) throws IOException {
    try {
      return Files.createDirectories(folder);
    } catch (AccessDeniedException e) {
      throw denied(folder);
    }
  }

  private static AccessDeniedException denied(Path folder) {
    return new AccessDeniedException(
        folder.toString(),
        null,
        "this user may not write here; make the folder writable for everybody who shares the cache,"
            + " or set NIGHTSHIFT_CACHE to another folder");
  }

  /** Writes bytes, as {@link #create} does. */
  public static void replace(Path file, byte[] content) throws IOException {
    create(file, unfinished -> Files.write(unfinished, content));
  }

  /**
   * Writes lines of text, as {@link #create} does.
   *
   * @throws UncheckedIOException naming the file
   */
  public static void replace(Path file, List<String> lines) {
    String text = String.join("\n", lines) + "\n";
    try {
      replace(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  /**
   * The lines of a file; none if there is no such file.
   *
   * @throws UncheckedIOException naming the file
   */
  public static List<String> lines(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
