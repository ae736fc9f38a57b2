package io.nightshift.job.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A folder of its own in a bucket, seen through Amazon's client, which shares no code with what is
 * tested.
 *
 * <p>The tests start a server of their own. The environment can name a bucket on another one, MinIO
 * for instance:
 *
 * <ul>
 *   <li>{@code NIGHTSHIFT_TEST_S3_ENDPOINT}: its address, {@code http://localhost:9000}. Requests
 *       come through a proxy on this machine and carry the proxy's address in the header Host,
 *       which they are signed with, so the server must not go by it
 *   <li>{@code NIGHTSHIFT_TEST_S3_ACCESS_KEY} and {@code NIGHTSHIFT_TEST_S3_SECRET_KEY}
 *   <li>{@code NIGHTSHIFT_TEST_S3_BUCKET}: an existing bucket; what the tests put into it lies in
 *       folders {@code nightshift-test-...}, which they delete
 * </ul>
 */
final class S3Bucket implements AutoCloseable {
  /** The plugins of Flink for S3. */
  static final String HADOOP = "s3-fs-hadoop";

  static final String NATIVE = "s3-fs-native";

  private static final String ENVIRONMENT = "NIGHTSHIFT_TEST_S3_";
  private static final String REGION = "us-east-1";
  private static final String OWN_BUCKET = "nights";

  private final URI endpoint;
  private final String accessKey;
  private final String secretKey;
  private final String name;
  private final Optional<S3Server> server;
  private final S3Client client;
  private final String prefix = "nightshift-test-" + UUID.randomUUID() + "/";

  private S3Bucket(
      URI endpoint, String accessKey, String secretKey, String name, Optional<S3Server> server) {
    this.endpoint = endpoint;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.name = name;
    this.server = server;
    this.client =
        S3Client.builder()
            .endpointOverride(endpoint)
            .region(Region.of(REGION))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
  }

  /**
   * A new folder in the bucket that the environment names, or else on a server that is started.
   *
   * @param folder for the server
   */
  static S3Bucket open(Path folder) throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    String address = environment.get(ENVIRONMENT + "ENDPOINT");
    return address == null
        ? own(S3Server.start(folder))
        : new S3Bucket(
            URI.create(address),
            environment.getOrDefault(ENVIRONMENT + "ACCESS_KEY", ""),
            environment.getOrDefault(ENVIRONMENT + "SECRET_KEY", ""),
            environment.getOrDefault(ENVIRONMENT + "BUCKET", ""),
            Optional.empty());
  }

  /** A new bucket on a server that the test stops and restarts. It ends with the bucket. */
  static S3Bucket own(S3Server server) {
    S3Bucket bucket =
        new S3Bucket(
            server.endpoint(),
            S3Server.ACCESS_KEY,
            S3Server.SECRET_KEY,
            OWN_BUCKET,
            Optional.of(server));
    bucket.client.createBucket(request -> request.bucket(OWN_BUCKET));
    return bucket;
  }

  URI endpoint() {
    return endpoint;
  }

  /**
   * What Flink's configuration needs for one of its plugins to reach the bucket.
   *
   * @param through the server's address, or that of a proxy before it
   */
  Map<String, String> settings(String plugin, URI through) {
    Map<String, String> settings = new HashMap<>();
    settings.put("s3.endpoint", through.toString());
    settings.put("s3.access-key", accessKey);
    settings.put("s3.secret-key", secretKey);
    if (plugin.equals(NATIVE)) {
      settings.put("s3.path-style-access", "true");
      settings.put("s3.region", REGION);
    } else {
      settings.put("s3.path.style.access", "true");
      settings.put("s3.endpoint.region", REGION);
    }
    return settings;
  }

  /** Where Flink finds something of the folder. */
  String address(String path) {
    return "s3://" + name + "/" + prefix + path;
  }

  void put(Path file, String path) {
    client.putObject(request -> request.bucket(name).key(prefix + path), file);
  }

  /** Paths of the objects whose paths begin so. */
  List<String> list(String path) {
    return client
        .listObjectsV2Paginator(request -> request.bucket(name).prefix(prefix + path))
        .contents()
        .stream()
        .map(S3Object::key)
        .map(key -> key.substring(prefix.length()))
        .toList();
  }

  /** Paths of uploads that begin so and have neither been completed nor aborted. */
  List<String> openUploads(String path) {
    return client
        .listMultipartUploads(request -> request.bucket(name).prefix(prefix + path))
        .uploads()
        .stream()
        .map(MultipartUpload::key)
        .toList();
  }

  /** Begins an upload, as another program might. */
  void beginUpload(String path) {
    client.createMultipartUpload(request -> request.bucket(name).key(prefix + path));
  }

  /** Fetches all objects below a path into a folder. */
  Path fetch(String path, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String object : list(path)) {
      Path file = folder.resolve(object.substring(path.length()).replaceFirst("^/", ""));
      Files.createDirectories(file.resolveSibling("."));
      Files.deleteIfExists(file);
      client.getObject(request -> request.bucket(name).key(prefix + object), file);
    }
    return folder;
  }

  @Override
  public void close() throws InterruptedException {
    for (String path : list("")) {
      client.deleteObject(request -> request.bucket(name).key(prefix + path));
    }
    client.close();
    if (server.isPresent()) {
      server.get().close();
    }
  }
}
