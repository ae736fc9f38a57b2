package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.S3Gateway.Call;
import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run whose bucket fails: a fifth of the calls are refused, the server goes away for some
 * seconds, then all processes of the cluster die, and the run is started again. Long form, with
 * both plugins and 30 s without a server: {@code -Dnightshift.long=true}.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class S3FaultsIT {
  private static final int OUTAGE_SECONDS = LongForm.choose(5, 30);
  private static final double REFUSED_CALLS = 0.2;
  private static final long SEED = 17;
  private static final int TASKS = 2;

  /** Of each engine. */
  private static final double ROWS_PER_SECOND = LongForm.choose(50.0, 100.0);

  /** More than are computed until the cluster is killed. */
  private static final int ROWS = LongForm.choose(10_000, 60_000);

  @TempDir private static Path folder;
  private static PacedJob job;
  private static List<String> expected;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    expected = job.undisturbed();
    assertThat(expected).hasSize(ROWS);
  }

  private static List<String> plugins() {
    return LongForm.choose(List.of(S3Bucket.NATIVE), List.of(S3Bucket.HADOOP, S3Bucket.NATIVE));
  }

  @ParameterizedTest
  @MethodSource("plugins")
  void everyRowComesOutOnce(String plugin) throws Exception {
    Path here = folder.resolve(plugin);
    S3Server server = S3Server.start(here.resolve("server"));
    try (S3Bucket bucket = S3Bucket.own(server);
        S3Gateway gateway = S3Gateway.start(bucket.endpoint())) {
      bucket.put(job.input(), "input/rows.parquet");
      bucket.put(RealModel.smolLm2(), "models/smol.gguf");
      gateway.refuse(REFUSED_CALLS, SEED);
      Map<String, String> settings = settings(plugin, bucket, gateway);
      String[] places = {
        "input.path=" + bucket.address("input"),
        "model.path=" + bucket.address("models/smol.gguf"),
        "output.path=" + bucket.address("answers")
      };
      try (FlinkProcessCluster cluster = start(here.resolve("first"), plugin, settings);
          TestProcess client = job.submit(cluster, plugin, ROWS_PER_SECOND, places)) {
        RunningInference inference = RunningInference.await(cluster, client, job, plugin);
        inference.awaitCheckpoints(2);
        server.stop();
        TimeUnit.SECONDS.sleep(OUTAGE_SECONDS);
        server.restart();
        inference.awaitCheckpoints(inference.checkpoints() + 2);
        inference.awaitComputed(inference.computed() + 100);
      }
      int openUploads = bucket.openUploads("answers").size();
      List<String> committed =
          Answers.read(bucket.fetch("answers/part", here.resolve("committed")));
      long computed = job.computed(plugin);
      job.release(plugin);
      Ended second;
      try (FlinkProcessCluster cluster = start(here.resolve("second"), plugin, settings)) {
        second = job.submit(cluster, plugin, ROWS_PER_SECOND, places).ended();
      }

      assertThat(second.status()).as(second.out() + second.err()).isZero();
      List<String> answers = Answers.read(bucket.fetch("answers/part", here.resolve("answers")));
      int distinct = new HashSet<>(answers).size();
      System.out.printf(
          "%s: %d s without a server, %d of %d calls refused, %d rows, %d doubled, %d lost,"
              + " %d recomputed (%d committed and %d computed before the cluster was killed, which"
              + " left %d uploads; %d are left now)%n",
          plugin,
          OUTAGE_SECONDS,
          gateway.calls().stream().filter(Call::refused).count(),
          gateway.calls().size(),
          ROWS,
          answers.size() - distinct,
          ROWS - distinct,
          job.computed(plugin) - ROWS,
          committed.size(),
          computed,
          openUploads,
          bucket.openUploads("answers").size());
      assertThat(committed).isNotEmpty().isSubsetOf(expected);
      assertThat(answers).isEqualTo(expected);
      assertThat(bucket.openUploads("answers")).isEmpty();
    }
  }

  private static FlinkProcessCluster start(Path here, String plugin, Map<String, String> settings)
      throws Exception {
    return FlinkProcessCluster.session(here, settings)
        .withPlugin(plugin)
        .withEnvironment("NIGHTSHIFT_CACHE", folder.resolve(plugin + "-cache").toString())
        .startJobManager()
        .startTaskManagers(TASKS);
  }

  /** Restarts are those that a run on a cluster has unless it is told otherwise. */
  private static Map<String, String> settings(String plugin, S3Bucket bucket, S3Gateway gateway) {
    Map<String, String> settings = new HashMap<>(bucket.settings(plugin, gateway.endpoint()));
    settings.put("execution.checkpointing.interval", "1 s");
    settings.put("execution.checkpointing.dir", bucket.address("checkpoints"));
    settings.put("s3.retry.max-num-retries", "10"); // of the native plugin
    return settings;
  }
}
