package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs in a bucket through the launcher, in one process with Flink's MiniCluster. */
@SuppressWarnings("NullAway.Init") // set before all tests
class S3LauncherIT {
  @TempDir private static Path folder;
  private static PackagesJob job;
  private static S3Bucket bucket;

  @BeforeAll
  static void start() throws Exception {
    job = new PackagesJob(folder);
    bucket = S3Bucket.open(folder.resolve("server"));
    bucket.put(PackagesJob.file(), "job.yaml");
    bucket.put(job.input(), "input/packages.parquet");
    bucket.put(RealModel.smolLm2(), "models/smol.gguf");
  }

  @AfterAll
  static void stop() throws Exception {
    bucket.close();
  }

  @Test
  void everythingInABucket() throws Exception {
    List<String> expected = job.answersHere();
    bucket.beginUpload("answers/part-7.parquet");

    Ended run =
        launch(S3Bucket.NATIVE, settings(S3Bucket.NATIVE), arguments(bucket.address("answers")));

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Answers.read(bucket.fetch("answers/", folder.resolve("answers"))))
        .isEqualTo(expected);
    assertThat(bucket.openUploads("answers"))
        .as("uploads of other programs")
        .singleElement()
        .asString()
        .endsWith("answers/part-7.parquet");
    assertThat(run.out()).contains(bucket.address("answers/_nightshift/report.html"));
    Ended report =
        launch(
            S3Bucket.NATIVE,
            settings(S3Bucket.NATIVE),
            "report",
            bucket.address("answers"),
            "--html",
            folder.resolve("report.html").toString());
    assertThat(report.status()).as(report.err()).isZero();
    assertThat(report.out()).startsWith("Answered " + PackagesJob.ROWS + " rows");
    assertThat(folder.resolve("report.html")).content().contains("model.path");
  }

  @Test
  void anOutputInTheInputIsRefusedByAnySpelling() throws Exception {
    String output = bucket.address("input//./answers").replaceFirst("s3", "S3");

    Ended run = launch(S3Bucket.NATIVE, settings(S3Bucket.NATIVE), arguments(output));

    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains("output.path " + bucket.address("input/answers"))
        .contains("input.path " + bucket.address("input"));
  }

  @ParameterizedTest
  @ValueSource(strings = {S3Bucket.HADOOP, S3Bucket.NATIVE})
  void aWrongSecretIsToldByItsOption(String plugin) throws Exception {
    Map<String, String> settings = settings(plugin);
    settings.put("s3.secret-key", "wrong");

    Ended run = launch(plugin, settings, arguments(bucket.address("none")));

    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err().strip())
        .startsWith("nightshift: " + bucket.address("job.yaml") + ": the storage denies access;")
        .contains("s3.secret-key")
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {S3Bucket.HADOOP, S3Bucket.NATIVE})
  void aMissingBucketIsToldByItsOption(String plugin) throws Exception {
    Ended run = launch(plugin, settings(plugin), arguments("s3://no-such-bucket/answers"));

    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err().strip())
        .isEqualTo(
            "nightshift: output.path s3://no-such-bucket/answers: there is no such bucket; correct"
                + " the path, or create the bucket");
  }

  private static Map<String, String> settings(String plugin) {
    return new HashMap<>(bucket.settings(plugin, bucket.endpoint()));
  }

  private static String[] arguments(String output) {
    return PackagesJob.arguments(
        bucket.address("job.yaml"),
        bucket.address("input"),
        bucket.address("models/smol.gguf"),
        output);
  }

  private static Ended launch(String plugin, Map<String, String> settings, String... arguments)
      throws Exception {
    return LauncherProcess.ended(
        Files.createTempDirectory(folder, plugin), plugin, settings, arguments);
  }
}
