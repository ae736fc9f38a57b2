package io.nightshift.job.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The classes of a program, parsed and verified: class data sharing. A process that ends in peace
 * writes the file, and those of the same program that start after it take half the time.
 *
 * @param file of the archive
 */
record ClassArchive(Path file) {
  private static final Path FOLDER = Path.of("target/cluster/classes").toAbsolutePath();

  /**
   * @param classPath as given to Java
   * @param main class
   */
  static ClassArchive of(String classPath, String main) throws IOException {
    String name = String.format(Locale.ROOT, "%s-%08x.jsa", main, classPath.hashCode());
    return new ClassArchive(Files.createDirectories(FOLDER).resolve(name));
  }

  /** Whether no process has written it yet. */
  boolean isMissing() {
    return Files.notExists(file);
  }

  /** The option of Java that reads it, or else writes it. */
  String option() {
    return (isMissing() ? "-XX:ArchiveClassesAtExit=" : "-XX:SharedArchiveFile=") + file;
  }
}
