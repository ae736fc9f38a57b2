package io.nightshift.job;

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
  /** Of Flink's native S3 plugin, which gives up within a second unless it is told otherwise. */
  private static final String NATIVE_S3_RETRIES = "s3.retry.max-num-retries";

  private FlinkFileSystems() {}

  /**
   * Reads {@code $FLINK_CONF_DIR/config.yaml} and makes the file systems of {@code
   * $FLINK_PLUGINS_DIR} known to this process.
   *
   * @return the configuration, over defaults
   */
  static Configuration initialize(Map<String, String> environment) {
    Configuration configuration = new Configuration();
    @Nullable String folder = environment.get("FLINK_CONF_DIR");
    if (folder != null && Files.exists(Path.of(folder, "config.yaml"))) {
      configuration = GlobalConfiguration.loadConfiguration(folder);
    }
    if (!configuration.containsKey(NATIVE_S3_RETRIES)) {
      configuration.setString(NATIVE_S3_RETRIES, "10");
    }
    @Nullable String plugins = environment.get("FLINK_PLUGINS_DIR");
    boolean hasPlugins = plugins != null && Files.isDirectory(Path.of(plugins));
    FileSystem.initialize(
        configuration,
        hasPlugins ? PluginUtils.createPluginManagerFromRootFolder(configuration) : null);
    return configuration;
  }
}
