package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A TaskManager is told to end, by SIGTERM, in the middle of a run. */
class TerminationIT {
  private static final double ROWS_PER_SECOND = 50;
  private static final int ROWS = 6_000;

  /** Rows that an engine runs at a time: what it was about to answer, others answer again. */
  private static final int RUNNING_ROWS = 16;

  @TempDir private Path folder = Path.of("");

  @Test
  void itsRowsAreAnsweredByOthersAndNothingFails() throws Exception {
    PacedJob job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    List<String> expected = job.undisturbed();
    Map<String, String> settings = DisturbedRun.settings(folder.resolve("checkpoints"));
    // Nobody waits for the next checkpoint.
    settings.put("execution.checkpointing.interval", "1 h");
    settings.put("parallelism.default", "2");
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings)) {
      cluster.startJobManager();
      cluster.launchTaskManager(List.of(), PacedEngines.options("stays", 1), Map.of());
      TestProcess leaver =
          cluster.launchTaskManager(List.of(), PacedEngines.options("leaves", 1), Map.of());
      cluster.awaitTaskManagers();
      TestProcess client = job.submit(cluster, "run", ROWS_PER_SECOND);
      RunningInference inference = RunningInference.await(cluster, client, job, "run");
      inference.awaitComputed(ROWS / 4);

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
      assertThat(inference.hasFailed()).isFalse();
      assertThat(job.computed("run") - ROWS).isBetween(0L, 2L * RUNNING_ROWS + 100);
    }
  }
}
