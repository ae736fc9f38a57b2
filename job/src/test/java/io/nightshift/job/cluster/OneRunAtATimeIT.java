package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.lease.Lease;
import io.nightshift.connectors.lease.LeaseHolder;
import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs want the same output: one has it, and each row has one answer. */
@SuppressWarnings("NullAway.Init") // set before all tests
class OneRunAtATimeIT {
  private static final int ROWS = 2000;
  private static final double ROWS_PER_SECOND = 50;

  @TempDir private static Path folder;
  private static PacedJob job;
  private static List<String> answers;
  private static FlinkProcessCluster cluster;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    answers = job.undisturbed();
    cluster =
        FlinkProcessCluster.session(
                folder.resolve("cluster"), DisturbedRun.settings(folder.resolve("checkpoints")))
            .startJobManager()
            .startTaskManagers(DisturbedRun.TASKS);
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }

  @Test
  void aJobKeepsItsOutputWhenItsClientIsGone() throws Exception {
    TestProcess client = job.submit(cluster, "gone", ROWS_PER_SECOND);
    RunningInference inference = RunningInference.await(cluster, client, job, "gone");
    inference.awaitComputed(100);
    client.kill();

    Ended refused = job.submit(cluster, "gone", ROWS_PER_SECOND).ended();
    job.release("gone");
    cluster
        .jobManager()
        .await("the end", () -> cluster.findRunningJob("Nightshift infer").isEmpty());
    Ended again = job.submit(cluster, "gone", ROWS_PER_SECOND).ended();

    assertThat(refused.status()).as(refused.out() + refused.err()).isEqualTo(1);
    assertThat(refused.err())
        .contains("another run writes to", "gone (process " + client.pid() + "@");
    assertThat(again.status()).as(again.out() + again.err()).isZero();
    assertThat(again.out()).contains("Nothing to do");
    assertThat(Answers.read(job.output("gone"))).isEqualTo(answers);
    assertThat(job.computed("gone")).as("rows computed").isEqualTo(ROWS);
  }

  @Test
  void aRunThatWasThoughtDeadCommitsNothingMore() throws Exception {
    TestProcess client = job.submit(cluster, "late", ROWS_PER_SECOND);
    RunningInference inference = RunningInference.await(cluster, client, job, "late");
    inference.awaitCheckpoints(inference.checkpoints() + 2);

    org.apache.flink.core.fs.Path lease =
        new org.apache.flink.core.fs.Path(job.output("late").resolve("_nightshift/lease").toUri());
    Path begun = Files.createFile(job.output("late").resolve(".part-other-0.parquet.inprogress.y"));
    Lease others = Lease.take(lease, new LeaseHolder("other", "a test"), Lease.holder(lease));
    long before = committedFiles();
    Ended late = client.ended();
    long after = committedFiles();
    others.requireHeld();
    assertThat(begun).as("a file that the other run has begun").exists();
    others.release();
    job.release("late");
    Ended again = job.submit(cluster, "late", ROWS_PER_SECOND).ended();

    assertThat(late.status()).as(late.out() + late.err()).isEqualTo(1);
    assertThat(late.err()).contains("another run has taken over (a test)");
    assertThat(after).isEqualTo(before);
    assertThat(again.status()).as(again.out() + again.err()).isZero();
    assertThat(Answers.read(job.output("late"))).isEqualTo(answers);
  }

  private static long committedFiles() throws Exception {
    try (var files = Files.list(job.output("late"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("part-")).count();
    }
  }
}
