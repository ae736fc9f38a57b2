package io.nightshift.job.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * @param endpoint of the server
 * @param name of the bucket
 * @param prefix key of the folder, with a slash at its end
 */
record S3Bucket(
    URI endpoint, String accessKey, String secretKey, String name, String prefix, S3Client client)
    implements AutoCloseable {

  /** The plugins of Flink for S3. */
  static final String HADOOP = "s3-fs-hadoop";

  static final String NATIVE = "s3-fs-native";

  private static final String REGION = "us-east-1";

  /**
   * A new folder in the bucket that the environment names; on a server that is started for the
   * tests where it names none.
   */
  static S3Bucket of(S3Server server) {
    return open(server.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY, "nights", true);
  }

  static S3Bucket open(
      URI endpoint, String accessKey, String secretKey, String name, boolean create) {
    S3Client client =
        S3Client.builder()
            .endpointOverride(endpoint)
            .region(Region.of(REGION))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    if (create) {
      client.createBucket(request -> request.bucket(name));
    }
    return new S3Bucket(
        endpoint, accessKey, secretKey, name, "test-" + UUID.randomUUID() + "/", client);
  }

  /** What Flink's configuration needs for one of its plugins to reach the bucket. */
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

  /** Paths of uploads that have neither been completed nor aborted. */
  List<String> openUploads() {
    return client
        .listMultipartUploads(request -> request.bucket(name).prefix(prefix))
        .uploads()
        .stream()
        .map(MultipartUpload::key)
        .toList();
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
  public void close() {
    client.close();
  }
}
