package io.nightshift.job.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The classes of programs, parsed and verified: class data sharing. A process that ends in peace
 * writes the file, and those that start after it take half the time, also with more jars behind
 * those of the archive on their class path. Of test JVMs that run beside each other, one has the
 * files written and all use them: a process ignores a file that is not complete.
 *
 * @param file of the archive
 */
record ClassArchive(Path file) {
  private static final boolean WRITES = System.getProperty("test.fork", "1").equals("1");
  private static final Path FOLDER = Path.of("target/cluster/classes").toAbsolutePath();

  /**
   * @param role of the processes that share it
   * @param library folder of jars, with which their class path begins
   */
  static ClassArchive of(String role, Path library) throws IOException {
    String name = String.format(Locale.ROOT, "%s-%08x.jsa", role, library.hashCode());
    return new ClassArchive(Files.createDirectories(FOLDER).resolve(name));
  }

  /** Whether a process of this JVM is to write it, which no process has done yet. */
  boolean isWanted() {
    return WRITES && Files.notExists(file);
  }

  /** The option of a process that writes it when it ends. */
  String writing() {
    return "-XX:ArchiveClassesAtExit=" + file;
  }

  /** The option of a process that reads it if it is there. */
  String reading() {
    return "-XX:SharedArchiveFile=" + file;
  }
}
