package io.nightshift.job.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What engines have computed, in a folder that their processes share: small files that grow by a
 * byte for each row, so that what a killed process had done counts, too. A file's name tells the
 * engine, and when it began the first row in the file; its modification time tells when the last
 * one was done.
 */
final class Tally {
  private static final String RELEASED = "released";
  private static final String DEVICE_LOST = "device-lost";

  /** A file that is longer is followed by another: some tests allow no long files. */
  private static final int BYTES_OF_FILE = 1000;

  private final Path folder;
  private final String engine;
  private Path file = Path.of("");
  private int bytes = BYTES_OF_FILE;

  /**
   * @param engine name of the engine, without dots
   */
  Tally(Path folder, String engine) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.engine = engine;
  }

  /**
   * Adds rows that have been computed.
   *
   * @param began when they were begun, in milliseconds since the epoch
   */
  void add(int rows, long began) throws IOException {
    if (bytes >= BYTES_OF_FILE) {
      file = folder.resolve(engine + "." + began + "." + UUID.randomUUID());
      bytes = 0;
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(ByteBuffer.allocate(rows));
    }
    bytes += rows;
  }

  /** Whether engines may be as fast as they can. */
  boolean isReleased() {
    return Files.exists(folder.resolve(RELEASED));
  }

  /** Lets all engines that share a tally be as fast as they can from now on. */
  static void release(Path folder) throws IOException {
    Files.createFile(folder.resolve(RELEASED));
  }

  /** Whether this engine is the one that loses its device. */
  boolean losesDevice() throws IOException {
    return Files.deleteIfExists(folder.resolve(DEVICE_LOST));
  }

  /** Lets one of the engines that share a tally lose its device. */
  static void loseDevice(Path folder) throws IOException {
    Files.createFile(folder.resolve(DEVICE_LOST));
  }

  /**
   * What an engine has done so far.
   *
   * @param began its first row, in milliseconds since the epoch
   * @param ended its last row, likewise
   */
  record Work(long rows, long began, long ended) {
    double rowsPerSecond() {
      return rows * 1e3 / (ended - began);
    }

    private Work and(Work other) {
      return new Work(
          rows + other.rows, Math.min(began, other.began), Math.max(ended, other.ended));
    }
  }

  /** What engines have done so far, by their names. */
  static Map<String, Work> byEngine(Path folder) {
    Map<String, Work> work = new TreeMap<>();
    files(folder)
        .forEach(
            file -> {
              String[] name = file.getFileName().toString().split("\\.", -1);
              Work ofFile =
                  new Work(
                      file.toFile().length(),
                      Long.parseLong(name[1]),
                      file.toFile().lastModified());
              work.merge(name[0], ofFile, Work::and);
            });
    return work;
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.endsWith(RELEASED) && !file.endsWith(DEVICE_LOST))
          .toList()
          .stream();
    } catch (NoSuchFileException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
