package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator of the job does: watches its metrics, takes savepoints, stops, rescales. */
class OperationsIT {
  private static final int ROWS = 3000;
  private static final double ROWS_PER_SECOND = 50;
  private static final int PROCESSES = 4;

  @TempDir private Path folder = Path.of("");

  @Test
  void metricsSavepointStopAndRescale() throws Exception {
    PacedJob job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    int port = FreePort.find();
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings(port))) {
      cluster.withPlugin("metrics-prometheus").startJobManager().startTaskManagers(PROCESSES - 1);
      TestProcess client = job.submit(cluster, "run", ROWS_PER_SECOND);
      RunningInference inference = RunningInference.await(cluster, client, job, "run");

      inference.awaitComputed(100);
      client.await("metrics of the engine", () -> scrape(port).contains("llm_requestsRunning"));
      String metrics = scrape(port);
      Ended savepoint = cluster.flink("savepoint", inference.id(), savepoints());
      Ended stop = cluster.flink("stop", "--savepointPath", savepoints(), inference.id());
      Ended stopped = client.ended();
      job.release("run");
      Ended restored =
          job.submit(cluster, List.of("-s", lastSavepoint()), "run", ROWS_PER_SECOND).ended();
      Ended rescaled = job.submit(cluster, List.of("-p", "3"), "run", ROWS_PER_SECOND).ended();

      assertThat(metrics)
          .contains(
              "llm_requestsWaiting",
              "llm_promptTokens",
              "llm_generationTokens",
              "llm_prefixHitRate",
              "llm_kvBlocksUsed",
              "llm_stepTimeMicros{",
              "quantile=\"0.99\"");
      assertThat(savepoint.status()).as(savepoint.out() + savepoint.err()).isZero();
      assertThat(stop.status()).as(stop.out() + stop.err()).isZero();
      assertThat(stopped.status()).isEqualTo(1);
      assertThat(stopped.err()).contains("rows have no answer").contains("run it again");
      assertThat(restored.status()).as(restored.out() + restored.err()).isEqualTo(2);
      assertThat(restored.err()).contains("execution.state-recovery.path (flink run -s) is set to");
      assertThat(rescaled.status()).as(rescaled.out() + rescaled.err()).isZero();
      assertThat(Answers.read(job.output("run"))).isEqualTo(job.undisturbed());
    }
  }

  private Map<String, String> settings(int port) {
    Map<String, String> settings = new HashMap<>();
    settings.put("execution.checkpointing.interval", "1 s");
    settings.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
    settings.put(
        "metrics.reporter.prometheus.factory.class",
        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
    settings.put("metrics.reporter.prometheus.port", port + "-" + (port + PROCESSES - 1));
    return settings;
  }

  private String savepoints() {
    return folder.resolve("savepoints").toUri().toString();
  }

  private String lastSavepoint() throws IOException {
    try (Stream<Path> savepoints = Files.list(folder.resolve("savepoints"))) {
      return savepoints
          .max((a, b) -> Long.compare(a.toFile().lastModified(), b.toFile().lastModified()))
          .orElseThrow()
          .toUri()
          .toString();
    }
  }

  /** What the reporters of all processes say. */
  private static String scrape(int firstPort) {
    StringBuilder metrics = new StringBuilder();
    HttpClient http = HttpClient.newHttpClient();
    for (int port = firstPort; port < firstPort + PROCESSES; port++) {
      URI address = URI.create("http://localhost:" + port + "/metrics");
      try {
        metrics.append(
            http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body());
      } catch (IOException e) {
        // A process that has not got as far, or has taken another port of the range.
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return metrics.toString();
  }
}
