package io.nightshift.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.storage.CommitSupport;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the file systems of Flink's plugins files can be committed to. */
class StoragePluginsIT {
  private static final String KEY = "a2V5";

  @BeforeAll
  static void loadPlugins() throws Exception {
    Configuration flink = FlinkFileSystems.withDefaults(new Configuration());
    for (String host : new String[] {"dfs", "blob"}) {
      flink.setString("fs.azure.account.key.nights." + host + ".core.windows.net", KEY);
    }
    flink.setString("fs.gs.auth.null.enable", "true");
    flink.setString("fs.gs.auth.service.account.enable", "false");
    FileSystem.initialize(
        flink,
        new DefaultPluginManager(
            new DirectoryBasedPluginFinder(Path.of("target/cluster/plugins")).findPlugins(),
            CoreOptions.getPluginParentFirstLoaderPatterns(flink)));
  }

  @AfterAll
  static void forgetPlugins() {
    FileSystem.initialize(new Configuration(), null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abfs://box@nights.dfs.core.windows.net/out",
        "abfss://box@nights.dfs.core.windows.net/out",
        "gs://nights/out",
        "s3://nights/out"
      })
  void filesAreCommittedTo(String place) {
    assertThatCode(() -> CommitSupport.require(new org.apache.flink.core.fs.Path(place)))
        .doesNotThrowAnyException();
  }

  @Test
  void whereTheyAreNotTheMessageSaysWhatToUse() {
    String place = "wasb://box@nights.blob.core.windows.net/out";

    assertThatThrownBy(() -> CommitSupport.require(new org.apache.flink.core.fs.Path(place)))
        .isInstanceOf(UnsupportedOperationException.class)
        .satisfies(
            thrown ->
                assertThat(thrown.getMessage())
                    .startsWith(place + ": files cannot be committed there (")
                    .endsWith(
                        "; write to abfs:// of the same account, with Flink's plugin flink-azure-fs-hadoop"));
  }
}
