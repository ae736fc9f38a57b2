package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.S3Gateway.Call;
import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real model's job with all that it reads and writes in a bucket, through each of Flink's
 * plugins. See {@link S3Bucket} for how to run it against another server.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class S3ClusterIT {
  @TempDir private static Path folder;
  private static PackagesJob job;
  private static S3Bucket bucket;
  private static S3Gateway gateway;
  private static List<String> expected;

  @BeforeAll
  static void start() throws Exception {
    job = new PackagesJob(folder);
    expected = job.answersHere();
    bucket = S3Bucket.open(folder.resolve("server"));
    gateway = S3Gateway.start(bucket.endpoint());
    bucket.put(PackagesJob.file(), "job.yaml");
    bucket.put(RealModel.smolLm2(), "models/smol.gguf");
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    bucket.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {S3Bucket.HADOOP, S3Bucket.NATIVE})
  void everythingInABucket(String plugin) throws Exception {
    Map<String, String> settings = new HashMap<>(bucket.settings(plugin, gateway.endpoint()));
    settings.put("execution.checkpointing.interval", "1 s");
    settings.put("execution.checkpointing.dir", bucket.address(plugin + "/checkpoints"));
    bucket.put(job.input(), plugin + "/input/first.parquet");
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve(plugin), settings)
            .withPlugin(plugin)
            .withEnvironment("NIGHTSHIFT_CACHE", folder.resolve(plugin + "-cache").toString())
            .startJobManager()
            .startTaskManagers(2)) {
      gateway.forget();
      Ended first = cluster.run(arguments(plugin));
      List<Call> calls = gateway.calls();
      List<String> answers = answers(plugin, "first");
      Ended second = cluster.run(arguments(plugin));
      bucket.put(job.input(), plugin + "/input/at 12:30/second 100%20 a+b #1 [x].parquet");
      Ended third = cluster.run(arguments(plugin));

      assertThat(first.status()).as(first.out() + first.err()).isZero();
      assertThat(answers).isEqualTo(expected);
      assertThat(reads(calls, "first.parquet"))
          .as("the footer, for the client and for the task, and one row group")
          .hasSize(5)
          .allMatch(call -> !call.range().isEmpty());
      assertThat(reads(calls, "smol.gguf"))
          .as("its header for the client, and all of it, once for both TaskManagers")
          .hasSizeLessThanOrEqualTo(4);
      assertThat(second.status()).as(second.out() + second.err()).isZero();
      assertThat(second.out()).contains("Nothing to do");
      assertThat(third.status()).as(third.out() + third.err()).isZero();
      assertThat(third.out()).contains("Answered %s rows".formatted(PackagesJob.ROWS));
      assertThat(answers(plugin, "third"))
          .isEqualTo(expected.stream().flatMap(row -> Stream.of(row, row)).toList());
      assertThat(bucket.openUploads(plugin + "/")).isEmpty();
      assertThat(bucket.list(plugin + "/answers"))
          .allMatch(
              name -> name.contains("/_nightshift/") || name.matches(".*/part-[^/]*.parquet"));
    }
  }

  private static List<Call> reads(List<Call> calls, String file) {
    return calls.stream()
        .filter(call -> call.method().equals("GET") && call.path().endsWith("/" + file))
        .toList();
  }

  private static List<String> answers(String plugin, String run) throws Exception {
    return Answers.read(
        bucket.fetch(plugin + "/answers/", folder.resolve(plugin + "-answers-" + run)));
  }

  private static String[] arguments(String plugin) {
    return PackagesJob.arguments(
        bucket.address("job.yaml"),
        bucket.address(plugin + "/input"),
        bucket.address("models/smol.gguf"),
        bucket.address(plugin + "/answers"),
        "errors.path=" + bucket.address(plugin + "/errors"));
  }
}
