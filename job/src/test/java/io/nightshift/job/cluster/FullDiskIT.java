package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disks of a run fill up, one after the other. The run says which, and goes on when there is
 * space again, with every row once.
 */
class FullDiskIT {
  private static final String RUN = "disks/answers/run";
  private static final int ROWS = LongForm.choose(6_000, 40_000);

  /** Of each engine. */
  private static final double ROWS_PER_SECOND = LongForm.choose(50.0, 100.0);

  @TempDir private Path folder = Path.of("");

  @Test
  void goesOnWhenThereIsSpaceAgain() throws Exception {
    PacedJob job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    List<String> expected = job.undisturbed();
    Path temporary = folder.resolve("disks/temporary");
    Path checkpoints = folder.resolve("disks/checkpoints");
    Map<String, String> settings = DisturbedRun.settings(checkpoints);
    settings.put("restart-strategy.fixed-delay.attempts", "2");
    settings.put("blob.storage.directory", folder.resolve("blobs").toString());
    try (FlinkProcessCluster cluster =
            FlinkProcessCluster.session(folder.resolve("cluster"), settings);
        LimitedSpace answersDisk =
            LimitedSpace.of(folder.resolve("disks/answers"), "8m", cluster::taskManagers);
        LimitedSpace temporaryDisk = LimitedSpace.of(temporary, "96m", cluster::taskManagers);
        LimitedSpace checkpointDisk =
            LimitedSpace.of(checkpoints, "8m", () -> List.of(cluster.jobManager()))) {
      cluster.startJobManager();
      for (int i = 0; i < DisturbedRun.TASKS; i++) {
        cluster.launchTaskManager(
            List.of(), List.of(), Map.of("io.tmp.dirs", temporary.toString()));
      }
      cluster.awaitTaskManagers();

      temporaryDisk.exhaust();
      Ended unplanned = job.submit(cluster, RUN, ROWS_PER_SECOND).ended();
      temporaryDisk.free();
      assertThat(unplanned.status()).as(unplanned.out()).isEqualTo(1);
      if (temporaryDisk instanceof LimitedSpace.SmallDisk) {
        // Where only the length of files is limited, it is the program's jar that does not fit.
        assertThat(unplanned.err()).contains("io.tmp.dirs").contains("run the job again");
      }

      TestProcess second = job.submit(cluster, RUN, ROWS_PER_SECOND);
      RunningInference inference = RunningInference.await(cluster, second, job, RUN);
      inference.awaitComputed(100);
      inference.awaitCheckpoints(2);
      answersDisk.exhaust();
      Ended unwritten = second.ended();
      answersDisk.free();
      assertThat(unwritten.status()).as(unwritten.out()).isEqualTo(1);
      assertThat(unwritten.err())
          .contains("no space left for " + job.output(RUN))
          .contains("run the job again");
      new DisturbedRun(job, expected, RUN).requireNoLeftovers();

      // The third run tries until there is space.
      TestProcess third =
          job.submit(
              cluster,
              List.of("-Drestart-strategy.fixed-delay.attempts=100000"),
              RUN,
              ROWS_PER_SECOND);
      RunningInference retrying = RunningInference.await(cluster, third, job, RUN);
      retrying.awaitCheckpoints(2);
      answersDisk.exhaust();
      retrying.awaitFailure("no space left for " + job.output(RUN));
      answersDisk.free();
      retrying.awaitCheckpoints(retrying.checkpoints() + 1);
      checkpointDisk.exhaust();
      retrying.awaitFailure("heckpoint");
      checkpointDisk.free();
      job.release(RUN);
      Ended done = third.ended();

      assertThat(done.status()).as(done.out() + done.err()).isZero();
      List<String> answers = Answers.read(job.output(RUN));
      System.out.printf(
          "full disks (%s): %d rows, %d in the end, %d computed again%n",
          answersDisk.getClass().getSimpleName(), ROWS, answers.size(), job.computed(RUN) - ROWS);
      assertThat(answers).isEqualTo(expected);
      new DisturbedRun(job, expected, RUN).requireNoLeftovers();
    }
  }
}
