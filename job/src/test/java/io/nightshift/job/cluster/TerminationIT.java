package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A TaskManager is told to end, by SIGTERM, in the middle of a run. */
class TerminationIT {
  private static final double ROWS_PER_SECOND = 50;
  private static final int ROWS = 6_000;

  /** Rows of a step of an engine. */
  private static final long RUNNING_ROWS = 16;

  private static final int KILLS = LongForm.choose(4, 20);

  @TempDir private Path folder = Path.of("");

  /** Another TaskManager stands by. */
  @Test
  void itsTaskGoesToAnotherAndNothingIsComputedTwice() throws Exception {
    terminateOne(Map.of(), 2, true);
  }

  @Test
  void aJobThatTakesWhatThereIsGoesOnWithTheOthers() throws Exception {
    terminateOne(ElasticIT.ADAPTIVE, 1, false);
  }

  /**
   * @param others TaskManagers besides the one that ends
   * @param restarts whether the task of that one is restarted
   */
  private void terminateOne(Map<String, String> scheduler, int others, boolean restarts)
      throws Exception {
    PacedJob job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    List<String> expected = job.undisturbed();
    Map<String, String> settings = DisturbedRun.settings(folder.resolve("checkpoints"));
    settings.putAll(scheduler);
    // Nobody waits for the next checkpoint.
    settings.put("execution.checkpointing.interval", "1 h");
    settings.put("parallelism.default", "2");
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings)) {
      cluster.startJobManager().startTaskManagers(others + 1);
      TestProcess client = job.submit(cluster, "run", ROWS_PER_SECOND);
      RunningInference inference = RunningInference.await(cluster, client, job, "run");
      inference.awaitComputed(ROWS / 4);

      TestProcess leaver = cluster.taskManager(cluster.busyTaskManager());
      leaver.terminate();

      assertThat(leaver.isAlive()).isFalse();
      assertThat(leaver.out()).contains("Leaving: ");
      assertThat(job.computed("run")).as("in the middle").isLessThan(ROWS);
      long before = inference.computed();
      inference.awaitComputed(before + 100);
      job.release("run");
      Ended ended = client.ended();

      assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
      assertThat(Answers.read(job.output("run"))).isEqualTo(expected);
      assertThat(inference.hasFailed()).isEqualTo(restarts);
      assertThat(job.computed("run") - ROWS)
          .as("computed again: the step in which it was told, and not what was answered before")
          .isBetween(0L, 2 * RUNNING_ROWS);
    }
  }

  /** The machine does not wait for it: each time it is killed at another moment of its leaving. */
  @Test
  void oneThatIsKilledWhileItLeavesLosesNothing() throws Exception {
    PacedJob job = new PacedJob(folder, DisturbedRun.rows(KILLS), "answer: {max-tokens: 1}");
    List<String> expected = job.undisturbed();
    Map<String, String> settings = DisturbedRun.settings(folder.resolve("checkpoints"));
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings)) {
      cluster.startJobManager().startTaskManagers(DisturbedRun.TASKS + 1);
      TestProcess client = job.submit(cluster, "run", DisturbedRun.ROWS_PER_SECOND);
      RunningInference inference = RunningInference.await(cluster, client, job, "run");
      for (int kill = 0; kill < KILLS; kill++) {
        inference.awaitComputed(inference.computed() + 100);
        inference.awaitCheckpoints(inference.checkpoints() + 1);
        TestProcess busy = cluster.taskManager(cluster.busyTaskManager());
        busy.signal("TERM");
        TimeUnit.MILLISECONDS.sleep(kill * 1200L / KILLS);
        busy.kill();
        cluster.launchTaskManager();
      }
      job.release("run");
      Ended ended = client.ended();

      assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
      assertThat(Answers.read(job.output("run"))).isEqualTo(expected);
    }
  }
}
