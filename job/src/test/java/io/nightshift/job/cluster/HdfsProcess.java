package io.nightshift.job.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** HDFS: a NameNode and a DataNode in a process of their own. */
final class HdfsProcess implements AutoCloseable {
  private static final Path CLUSTER = Path.of("target/cluster").toAbsolutePath();

  private final TestProcess process;
  private final URI address;
  private final FileSystem client;

  private HdfsProcess(TestProcess process, URI address, FileSystem client) {
    this.process = process;
    this.address = address;
    this.client = client;
  }

  static HdfsProcess start(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String port = String.valueOf(FreePort.find());
    Path ready = folder.resolve("hdfs-site.xml");
    TestProcess process =
        TestProcess.start(
            folder,
            "hdfs",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dhadoop.log.dir=" + folder,
                "-Dtest.build.data=" + folder.resolve("data"),
                "-cp",
                CLUSTER
                    + "/hdfs/*:"
                    + CLUSTER
                    + "/hadoop/*:"
                    + CLUSTER.resolveSibling("lib")
                    + "/*",
                "org.apache.hadoop.test.MiniDFSClusterManager",
                "-format",
                "-datanodes",
                "1",
                "-nnport",
                port,
                "-writeConfig",
                ready.toString()),
            Map.of());
    process.await("HDFS", () -> ready.toFile().length() > 0);
    URI address = URI.create("hdfs://localhost:" + port);
    return new HdfsProcess(process, address, FileSystem.get(address, new Configuration()));
  }

  /** What {@code HADOOP_CLASSPATH} brings to the class path of Flink's processes. */
  static Path[] clientJars() {
    return new Path[] {CLUSTER.resolve("hadoop/*")};
  }

  String address(String path) {
    return address + "/" + path;
  }

  void put(Path file, String path) throws IOException {
    client.copyFromLocalFile(hadoopPath(file), new org.apache.hadoop.fs.Path(address(path)));
  }

  /** Copies a folder to this file system's. */
  Path fetch(String path, Path folder) throws IOException {
    client.copyToLocalFile(
        false, new org.apache.hadoop.fs.Path(address(path)), hadoopPath(folder), true);
    return folder;
  }

  private static org.apache.hadoop.fs.Path hadoopPath(Path path) {
    return new org.apache.hadoop.fs.Path(path.toAbsolutePath().toUri());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    client.close();
    process.close();
  }
}
