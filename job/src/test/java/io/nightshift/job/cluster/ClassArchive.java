package io.nightshift.job.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The classes of a program, parsed and verified: class data sharing. A process that ends in peace
 * writes the file, and those of the same program that start after it take half the time. Of test
 * JVMs that run beside each other, one has the files written and all use them: a process ignores a
 * file that is not complete.
 *
 * @param file of the archive
 */
record ClassArchive(Path file) {
  private static final boolean WRITES = System.getProperty("test.fork", "1").equals("1");
  private static final Path FOLDER = Path.of("target/cluster/classes").toAbsolutePath();

  /**
   * @param classPath as given to Java
   * @param main class
   */
  static ClassArchive of(String classPath, String main) throws IOException {
    String name = String.format(Locale.ROOT, "%s-%08x.jsa", main, classPath.hashCode());
    return new ClassArchive(Files.createDirectories(FOLDER).resolve(name));
  }

  /** Whether a process of this JVM is to write it, which no process has done yet. */
  boolean isWanted() {
    return WRITES && Files.notExists(file);
  }

  /** The option of Java that writes it, or else reads it if it is there. */
  String option() {
    return (isWanted() ? "-XX:ArchiveClassesAtExit=" : "-XX:SharedArchiveFile=") + file;
  }
}
