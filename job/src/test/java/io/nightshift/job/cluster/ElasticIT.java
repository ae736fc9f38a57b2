package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TaskManagers join and leave a running job, with Flink's adaptive scheduler. */
class ElasticIT {
  private static final double ROWS_PER_SECOND = 50;
  private static final int ROWS = 6_000;
  private static final String LATE = "late";

  /** The settings of docs/deployment.md, with times for a job of a minute. */
  static final Map<String, String> ADAPTIVE =
      Map.of(
          "jobmanager.scheduler", "adaptive",
          "jobmanager.adaptive-scheduler.submission.resource-wait-timeout", "10 s",
          "jobmanager.adaptive-scheduler.submission.resource-stabilization-timeout", "2 s",
          "jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling", "1 s",
          "jobmanager.adaptive-scheduler.executing.resource-stabilization-timeout", "2 s",
          "jobmanager.adaptive-scheduler.rescale-trigger.max-delay", "1 min",
          "parallelism.default", "3");

  @TempDir private Path folder = Path.of("");

  @Test
  void aTaskManagerThatJoinsGetsWorkAndOneThatIsLostLosesNothing() throws Exception {
    PacedJob job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    List<String> expected = job.undisturbed();
    Map<String, String> settings = DisturbedRun.settings(folder.resolve("checkpoints"));
    settings.putAll(ADAPTIVE);
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings)) {
      cluster.startJobManager().startTaskManagers(2);
      TestProcess client = job.submit(cluster, "run", ROWS_PER_SECOND);
      RunningInference inference = RunningInference.await(cluster, client, job, "run");
      inference.awaitComputed(100);
      inference.awaitCheckpoints(1);

      TestProcess late =
          cluster.launchTaskManager(List.of(), PacedEngines.options(LATE, 1), Map.of());
      client.await("the one that joined", () -> late.isAlive() && isRegistered(cluster, 3));
      long joined = System.nanoTime();
      client.await("rows of the one that joined", () -> rowsOfLate(job) > 0);
      System.out.printf("rows %.1f s after joining%n", (System.nanoTime() - joined) / 1e9);
      assertThat(job.computed("run")).as("computed twice, or in the middle").isLessThan(ROWS);

      inference.disturb(late::kill);
      long before = inference.computed();
      inference.awaitComputed(before + 100);
      job.release("run");
      Ended ended = client.ended();

      assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
      assertThat(Answers.read(job.output("run"))).isEqualTo(expected);
    }
  }

  private static boolean isRegistered(FlinkProcessCluster cluster, int taskManagers) {
    return cluster
        .tryGet("/overview")
        .filter(overview -> overview.path("taskmanagers").asInt() == taskManagers)
        .isPresent();
  }

  private static long rowsOfLate(PacedJob job) {
    Tally.Work work = Tally.byEngine(job.tally("run")).get(LATE);
    return work == null ? 0 : work.rows();
  }
}
