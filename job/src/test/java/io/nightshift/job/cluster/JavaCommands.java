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

  private final List<Path> classPath = new ArrayList<>();
  private final Path logging;

  /**
   * @param logging configuration of log4j
   */
  JavaCommands(Path jars, Path logging) {
    classPath.add(jars);
    this.logging = logging;
  }

  /** Puts jars on the class path, as Flink's {@code lib} folder does. */
  void add(Path... jars) {
    classPath.addAll(List.of(jars));
  }

  /** Starts a program that is started again and again, with its {@link #classes}. */
  List<String> repeated(String main, String... options) throws IOException {
    List<String> command = virtualMachine(options);
    command.add(classes(main).option());
    command.addAll(List.of("-cp", classPath(), main));
    return command;
  }

  /** Starts a program that is started once. */
  List<String> once(String main, String... options) {
    List<String> command = virtualMachine(options);
    command.addAll(List.of("-cp", classPath(), main));
    return command;
  }

  /** The archive of a program's classes. */
  ClassArchive classes(String main) throws IOException {
    return ClassArchive.of(classPath(), main);
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
    return String.join(":", classPath.stream().map(Path::toString).toList());
  }
}
