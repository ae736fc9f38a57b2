package io.nightshift.job.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An S3 server that checks signatures: s3proxy, as a process of its own, over a local folder. What
 * it has taken survives a stop.
 */
final class S3Server implements AutoCloseable {
  static final String ACCESS_KEY = "nightshift-test";
  static final String SECRET_KEY = "a secret of the tests";

  private final Path folder;
  private final int port;
  private TestProcess process;

  private S3Server(Path folder, int port) throws IOException, InterruptedException {
    this.folder = folder;
    this.port = port;
    this.process = launch();
  }

  static S3Server start(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("data"));
    int port = FreePort.find();
    Files.write(
        folder.resolve("s3proxy.conf"),
        List.of(
            "s3proxy.endpoint=http://127.0.0.1:" + port,
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.identity=" + ACCESS_KEY,
            "s3proxy.credential=" + SECRET_KEY,
            "s3proxy.v4-max-non-chunked-request-size=134217728",
            "jclouds.provider=filesystem-nio2",
            "jclouds.filesystem.basedir=" + folder.resolve("data")));
    return new S3Server(folder, port);
  }

  private TestProcess launch() throws IOException, InterruptedException {
    TestProcess started =
        TestProcess.start(
            folder,
            "s3proxy",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("target/cluster/s3proxy/s3proxy.jar").toAbsolutePath().toString(),
                "--properties",
                folder.resolve("s3proxy.conf").toString()),
            Map.of());
    started.await("the S3 server's port", this::accepts);
    return started;
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("localhost", port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  URI endpoint() {
    return URI.create("http://localhost:" + port);
  }

  /** Ends the server by SIGKILL. */
  void stop() throws InterruptedException {
    process.kill();
  }

  /** Brings a server back that was stopped, at the same port and with what it had. */
  void restart() throws IOException, InterruptedException {
    process = launch();
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }
}
