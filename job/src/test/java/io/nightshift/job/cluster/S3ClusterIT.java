package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything of a job in a bucket. */
@SuppressWarnings("NullAway.Init") // set before all tests
class S3ClusterIT {
  @TempDir private static Path folder;
  private static PackagesJob job;
  private static S3Server server;
  private static S3Bucket bucket;
  private static S3Gateway gateway;
  private static List<String> expected;

  @BeforeAll
  static void start() throws Exception {
    job = new PackagesJob(folder);
    job.runHere(folder.resolve("local"));
    expected = Answers.read(folder.resolve("local"));
    server = S3Server.start(folder.resolve("server"));
    bucket = S3Bucket.of(server);
    gateway = S3Gateway.start(bucket.endpoint());
    bucket.put(PackagesJob.file(), "job.yaml");
    bucket.put(job.input(), "input/packages.parquet");
    bucket.put(RealModel.smolLm2(), "models/smol.gguf");
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    bucket.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {S3Bucket.HADOOP, S3Bucket.NATIVE})
  void everythingInABucket(String plugin) throws Exception {
    Map<String, String> settings = new HashMap<>(bucket.settings(plugin, gateway.endpoint()));
    settings.put("execution.checkpointing.interval", "1 s");
    settings.put("execution.checkpointing.dir", bucket.address(plugin + "/checkpoints"));
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve(plugin), settings)
            .withPlugin(plugin)
            .withEnvironment("NIGHTSHIFT_CACHE", folder.resolve(plugin + "-cache").toString())
            .startJobManager()
            .startTaskManagers(2)) {
      Ended first = cluster.run(arguments(plugin));
      System.out.println(first);
      gateway.calls().forEach(System.out::println);
      System.out.println(bucket.list(plugin));
      System.out.println(bucket.openUploads());
      gateway.forget();
      Ended second = cluster.run(arguments(plugin));
      System.out.println(second);
      gateway.calls().forEach(System.out::println);
      assertThat(first.status()).as(first.err()).isZero();
      assertThat(
              Answers.read(bucket.fetch(plugin + "/answers", folder.resolve(plugin + "-answers"))))
          .isEqualTo(expected);
      assertThat(second.out()).contains("Nothing to do");
    }
  }

  private static String[] arguments(String plugin) {
    return PackagesJob.arguments(
        bucket.address("job.yaml"),
        bucket.address("input"),
        bucket.address("models/smol.gguf"),
        bucket.address(plugin + "/answers"),
        "errors.path=" + bucket.address(plugin + "/errors"));
  }
}
