package io.nightshift.job.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.jspecify.annotations.Nullable;

/**
 * Flink's configuration and file systems for a process that no Flink client or cluster has set up:
 * so that {@code s3://} works with {@code bin/nightshift} as it does on a cluster.
 */
final class FlinkFileSystems {
  /**
   * Settings that plugins need. By default, the native one for S3 gives up within a second. The one
   * for Google's storage finds the defaults of the newer Hadoop client on this process's class
   * path, and cannot read sizes such as 64m.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "s3.retry.max-num-retries", "10",
          "gs.block.size", "67108864",
          "gs.rewrite.max.chunk.size", "536870912",
          "gs.outputstream.buffer.size", "8388608",
          "gs.inputstream.inplace.seek.limit", "8388608",
          "gs.inputstream.min.range.request.size", "2097152");

  private FlinkFileSystems() {}

  /**
   * Reads {@code $FLINK_CONF_DIR/config.yaml} and makes the file systems of {@code
   * $FLINK_PLUGINS_DIR} known to this process.
   *
   * @return the configuration, without the defaults of file systems
   */
  static Configuration initialize(Map<String, String> environment) {
    Configuration configuration = new Configuration();
    @Nullable String folder = environment.get("FLINK_CONF_DIR");
    if (folder != null && Files.exists(Path.of(folder, "config.yaml"))) {
      configuration = GlobalConfiguration.loadConfiguration(folder);
    }
    @Nullable String plugins = environment.get("FLINK_PLUGINS_DIR");
    boolean hasPlugins = plugins != null && Files.isDirectory(Path.of(plugins));
    FileSystem.initialize(
        withDefaults(new Configuration(configuration)),
        hasPlugins ? PluginUtils.createPluginManagerFromRootFolder(configuration) : null);
    return configuration;
  }

  /** Adds what plugins need and the configuration does not set. */
  static Configuration withDefaults(Configuration configuration) {
    for (Map.Entry<String, String> setting : DEFAULTS.entrySet()) {
      if (!configuration.containsKey(setting.getKey())) {
        configuration.setString(setting.getKey(), setting.getValue());
      }
    }
    return configuration;
  }
}
