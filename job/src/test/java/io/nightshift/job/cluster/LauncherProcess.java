package io.nightshift.job.cluster;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The launcher with one of Flink's plugins for storage. */
final class LauncherProcess {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private LauncherProcess() {}

  /**
   * Runs a command.
   *
   * @param folder for configuration, plugin, cache and logs; empty
   * @param plugin name of a folder in {@code target/cluster/plugins}
   * @param settings of Flink's {@code config.yaml}
   */
  static Ended ended(Path folder, String plugin, Map<String, String> settings, String... arguments)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + ": \"" + value + "\""));
    Files.write(folder.resolve("config.yaml"), lines);
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.createSymbolicLink(
        plugins.resolve(plugin), Path.of("target/cluster/plugins", plugin).toAbsolutePath());
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("bin/nightshift").toString()));
    command.addAll(List.of(arguments));
    return TestProcess.start(
            folder,
            "launcher",
            command,
            Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                "NIGHTSHIFT_CACHE", folder.resolveSibling("cache").toString(),
                "NIGHTSHIFT_LOG", folder.resolve("log").toString(),
                "NIGHTSHIFT_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1",
                "FLINK_CONF_DIR", folder.toString(),
                "FLINK_PLUGINS_DIR", plugins.toString()))
        .ended();
  }
}
