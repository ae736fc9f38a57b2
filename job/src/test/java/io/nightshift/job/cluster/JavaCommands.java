package io.nightshift.job.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that start programs of one class path in JVMs that live for a minute or so. */
final class JavaCommands {
  /** What C2 compiles in that time would not pay. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Path library;
  private final List<Path> moreJars = new ArrayList<>();
  private final Path logging;

  /**
   * @param library folder of jars
   * @param logging configuration of log4j
   */
  JavaCommands(Path library, Path logging) {
    this.library = library;
    this.logging = logging;
  }

  /** Puts jars on the class path, behind those of the library. */
  void add(Path... jars) {
    moreJars.addAll(List.of(jars));
  }

  /**
   * Starts a program.
   *
   * @param role whose archive of classes it uses
   * @param main class
   */
  List<String> start(String role, String main, String... options) throws IOException {
    ClassArchive classes = ClassArchive.of(role, library);
    List<String> command = virtualMachine(options);
    command.add(writesClasses(role) ? classes.writing() : classes.reading());
    command.addAll(List.of("-cp", classPath(), main));
    return command;
  }

  /**
   * Whether a program in a role, if it ends in peace, writes an archive that there is not yet.
   * Those with more jars do not, for others could not use it.
   */
  boolean writesClasses(String role) throws IOException {
    return moreJars.isEmpty() && ClassArchive.of(role, library).isWanted();
  }

  private List<String> virtualMachine(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.add("-Dlog4j2.configurationFile=" + logging);
    command.addAll(SHORT_LIVED);
    command.addAll(List.of(options));
    return command;
  }

  private String classPath() {
    StringBuilder classPath = new StringBuilder(library + "/*");
    moreJars.forEach(jars -> classPath.append(':').append(jars));
    return classPath.toString();
  }
}
