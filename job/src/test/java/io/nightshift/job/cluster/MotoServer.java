package io.nightshift.job.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An S3 server that keeps objects in memory, under any key that S3 allows: {@link S3Server} makes
 * files of them, and so knows only keys that are paths.
 */
final class MotoServer implements AutoCloseable {
  private final int port = FreePort.find();
  private final TestProcess process;
  private final S3Client client;

  /**
   * @param folder for what the server logs
   */
  MotoServer(Path folder) throws IOException, InterruptedException {
    process =
        TestProcess.start(
            folder,
            "moto",
            List.of(python(), "-m", "moto.server", "-H", "127.0.0.1", "-p", Integer.toString(port)),
            Map.of());
    process.await("the S3 server's port", this::accepts);
    client =
        S3Client.builder()
            .endpointOverride(endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
  }

  private static String python() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("../tools/python-env")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String interpreter =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("tools/python-env failed");
    }
    return interpreter;
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What either of Flink's plugins needs to reach the server. */
  Map<String, String> settings() {
    return Map.of(
        "s3.endpoint", endpoint().toString(),
        "s3.access-key", "key",
        "s3.secret-key", "secret",
        "s3.path.style.access", "true",
        "s3.path-style-access", "true",
        "s3.endpoint.region", "us-east-1",
        "s3.region", "us-east-1");
  }

  void createBucket(String bucket) {
    client.createBucket(request -> request.bucket(bucket));
  }

  void put(String bucket, String key, byte[] content) {
    client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  @Override
  public void close() throws InterruptedException {
    client.close();
    process.close();
  }
}
