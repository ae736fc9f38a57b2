package io.nightshift.connectors.s3;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 settings of Flink's configuration, with the keys of either of Flink's plugins. */
final class S3Settings {
  private static final List<String> PREFIXES = List.of("s3.", "s3a.", "fs.s3a.");

  /** Enough to survive some seconds of rejected calls. */
  private static final int ATTEMPTS = 10;

  private final Configuration flink;

  S3Settings(Configuration flink) {
    this.flink = flink;
  }

  /** Creates a client that is configured like those of the plugins. */
  S3Client client() {
    var client =
        S3Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(credentials())
            .region(Region.of(value("region", "endpoint.region").orElse("us-east-1")))
            .crossRegionAccessEnabled(true)
            .overrideConfiguration(
                settings -> settings.retryStrategy(retries -> retries.maxAttempts(ATTEMPTS)))
            .forcePathStyle(
                value("path-style-access", "path.style.access")
                    .map(Boolean::parseBoolean)
                    .orElse(false));
    value("endpoint").map(URI::create).ifPresent(client::endpointOverride);
    return client.build();
  }

  private AwsCredentialsProvider credentials() {
    Optional<String> accessKey = value("access-key", "access.key");
    Optional<String> secretKey = value("secret-key", "secret.key");
    return accessKey.isPresent() && secretKey.isPresent()
        ? StaticCredentialsProvider.create(
            AwsBasicCredentials.create(accessKey.get(), secretKey.get()))
        : DefaultCredentialsProvider.builder().build();
  }

  /** The value of the first of these keys that is set, with any of the plugins' prefixes. */
  private Optional<String> value(String... keys) {
    return Arrays.stream(keys)
        .flatMap(key -> PREFIXES.stream().map(prefix -> prefix + key))
        .map(key -> Optional.ofNullable(flink.getString(key, null)))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
