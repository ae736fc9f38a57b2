package io.nightshift.job.storage;

import java.io.IOException;
import java.util.Map;
import org.apache.flink.core.fs.Path;

/**
 * Which file systems can be written to exactly once: those for which Flink has a recoverable
 * writer, whose files appear when a checkpoint commits them.
 */
public final class CommitSupport {
  private static final String WITH_PLUGIN =
      "put Flink's plugin %s in place of Hadoop's file system into Flink's plugins folder";

  /** What to do, by the path's scheme. */
  private static final Map<String, String> REMEDIES =
      Map.of(
          "s3", WITH_PLUGIN.formatted("flink-s3-fs-hadoop or flink-s3-fs-native"),
          "s3a", WITH_PLUGIN.formatted("flink-s3-fs-hadoop or flink-s3-fs-native"),
          "abfs", WITH_PLUGIN.formatted("flink-azure-fs-hadoop"),
          "abfss", WITH_PLUGIN.formatted("flink-azure-fs-hadoop"),
          "wasb", "write to abfs:// of the same account, with Flink's plugin flink-azure-fs-hadoop",
          "wasbs",
              "write to abfss:// of the same account, with Flink's plugin flink-azure-fs-hadoop",
          "gs", WITH_PLUGIN.formatted("flink-gs-fs-hadoop"));

  private static final String OTHER =
      "write to a local folder, hdfs://, or s3://, abfs:// or gs:// with Flink's plugin for it";

  private CommitSupport() {}

  /**
   * Checks that files can be committed to a place.
   *
   * @throws UnsupportedOperationException naming the place and what to do, if they cannot
   * @throws IOException if there is no file system for the place
   */
  public static void require(Path path) throws IOException {
    try {
      path.getFileSystem().createRecoverableWriter();
    } catch (UnsupportedOperationException e) {
      String scheme = path.getFileSystem().getUri().getScheme();
      throw new UnsupportedOperationException(
          "%s: files cannot be committed there (%s); %s"
              .formatted(path, e.getMessage(), REMEDIES.getOrDefault(scheme, OTHER)),
          e);
    }
  }
}
