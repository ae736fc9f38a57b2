package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes of the cluster die by SIGKILL in the middle of a run, and the answers are those of an
 * undisturbed one. Long form, with more kills: {@code -Dnightshift.test.long=true}.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class KillIT {
  private static final boolean LONG = Boolean.getBoolean("nightshift.test.long");
  private static final int TASK_MANAGER_KILLS = LONG ? 20 : 3;
  private static final int JOB_MANAGER_KILLS = LONG ? 5 : 1;

  /** Engines of the job, one a task. */
  private static final int TASKS = 2;

  /** Of each engine. */
  private static final double ROWS_PER_SECOND = 100;

  private static final int ROWS_BETWEEN_KILLS = 100;

  /** More than are computed until the last kill, also on a machine where recovery takes long. */
  private static final int ROWS = 3000 * (Math.max(TASK_MANAGER_KILLS, JOB_MANAGER_KILLS) + 1);

  @TempDir private static Path folder;
  private static PacedJob job;
  private static List<String> expected;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    job =
        new PacedJob(
            folder,
            ROWS,
            """
            answer: {max-tokens: 1}
            sampling: {temperature: 1, seed: 11}
            """);
    expected = job.undisturbed();
    assertThat(expected).hasSize(ROWS);
  }

  @Test
  void taskManagersDie() throws Exception {
    Map<String, String> settings = settings("task-managers");
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("task-managers-cluster"), settings)) {
      cluster.startJobManager().startTaskManagers(TASKS + 1);
      TestProcess client = job.submit(cluster, "task-managers", ROWS_PER_SECOND);
      RunningInference inference = RunningInference.await(cluster, client, job, "task-managers");
      double lostSeconds = 0;
      for (int kill = 0; kill < TASK_MANAGER_KILLS; kill++) {
        inference.awaitComputed(inference.computed() + ROWS_BETWEEN_KILLS);
        inference.awaitCheckpoints(inference.checkpoints() + 1);
        lostSeconds +=
            inference.disturb(
                () -> {
                  cluster.killBusyTaskManager();
                  cluster.launchTaskManager();
                });
      }
      job.release("task-managers");
      requireExact("task-managers", client.ended(), TASK_MANAGER_KILLS, lostSeconds);
    }
  }

  @Test
  void theJobManagerDies() throws Exception {
    Map<String, String> settings = settings("job-manager");
    try (ZooKeeperProcess zooKeeper = ZooKeeperProcess.start(folder.resolve("zookeeper"))) {
      settings.putAll(zooKeeper.settings(folder.resolve("high-availability")));
      try (FlinkProcessCluster cluster =
          FlinkProcessCluster.session(folder.resolve("job-manager-cluster"), settings)) {
        cluster.startJobManager().startTaskManagers(TASKS);
        TestProcess client = job.submit(cluster, "job-manager", ROWS_PER_SECOND);
        RunningInference inference = RunningInference.await(cluster, client, job, "job-manager");
        double lostSeconds = 0;
        for (int kill = 0; kill < JOB_MANAGER_KILLS; kill++) {
          inference.awaitComputed(inference.computed() + ROWS_BETWEEN_KILLS);
          inference.awaitCheckpoints(inference.checkpoints() + 1);
          lostSeconds +=
              inference.disturb(
                  () -> {
                    cluster.killJobManager();
                    cluster.startJobManager();
                  });
        }
        job.release("job-manager");
        requireExact("job-manager", client.ended(), JOB_MANAGER_KILLS, lostSeconds);
      }
    }
  }

  private static Map<String, String> settings(String run) {
    Map<String, String> settings = new HashMap<>();
    settings.put("execution.checkpointing.interval", "500 ms");
    settings.put(
        "execution.checkpointing.dir", folder.resolve(run + "-checkpoints").toUri().toString());
    settings.put("restart-strategy.type", "fixed-delay");
    settings.put("restart-strategy.fixed-delay.attempts", "1000");
    settings.put("restart-strategy.fixed-delay.delay", "100 ms");
    return settings;
  }

  /**
   * @param lostSeconds from the checkpoints that the job went back to until it did
   */
  private static void requireExact(String run, Ended client, int kills, double lostSeconds)
      throws IOException {
    assertThat(client.status()).as(client.err()).isZero();
    List<String> answers = Answers.read(job.output(run));
    int distinct = new HashSet<>(answers).size();
    long recomputed = job.computed(run) - ROWS;
    System.out.printf(
        "%s: %d kills, %d rows, %d doubled, %d lost, %d recomputed"
            + " (%.1f s between checkpoints and recoveries, %d engines of %.0f rows/s)%n",
        run,
        kills,
        ROWS,
        answers.size() - distinct,
        ROWS - distinct,
        recomputed,
        lostSeconds,
        TASKS,
        ROWS_PER_SECOND);
    assertThat(answers).isEqualTo(expected);
    assertThat(client.out()).contains("Answered %,d rows".formatted(ROWS));
    assertThat((double) recomputed).isLessThanOrEqualTo(lostSeconds * TASKS * ROWS_PER_SECOND);
    try (var files = Files.list(job.output(run))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("uncommitted files")
          .noneMatch(name -> name.startsWith("."));
    }
  }
}
