package io.nightshift.job.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A ZooKeeper server, from the jar that Flink has it in; snappy comes from ours. */
final class ZooKeeperProcess implements AutoCloseable {
  private final TestProcess process;
  private final int port;

  private ZooKeeperProcess(TestProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  static ZooKeeperProcess start(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    int port = FreePort.find();
    TestProcess process =
        TestProcess.start(
            folder,
            "zookeeper",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dzookeeper.admin.enableServer=false",
                "-cp",
                Path.of("target/lib").toAbsolutePath() + "/*:" + FlinkProcessCluster.JAR,
                "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain",
                Integer.toString(port),
                folder.resolve("data").toString()),
            Map.of());
    process.await("ZooKeeper's port", () -> accepts(port));
    return new ZooKeeperProcess(process, port);
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("localhost", port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What Flink's configuration needs, to survive a lost JobManager. */
  Map<String, String> settings(Path storage) {
    return Map.of(
        "high-availability.type",
        "zookeeper",
        "high-availability.zookeeper.quorum",
        "localhost:" + port,
        "high-availability.storageDir",
        storage.toUri().toString(),
        // A dead JobManager leads until its session ends; this is the server's least.
        "high-availability.zookeeper.client.session-timeout",
        "6 s");
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }
}
