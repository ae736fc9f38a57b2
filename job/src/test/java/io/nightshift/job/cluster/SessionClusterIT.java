package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real model's job on a session cluster: one JobManager and two TaskManagers. */
@SuppressWarnings("NullAway.Init") // set before all tests
class SessionClusterIT {
  @TempDir private static Path folder;
  private static PackagesJob job;
  private static FlinkProcessCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    job = new PackagesJob(folder);
    cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), Map.of())
            .startJobManager()
            .startTaskManagers(2);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  /**
   * Two runs in one session: the TaskManagers load the native libraries again, in another class
   * loader.
   */
  @Test
  void answersAreThoseOfTheLocalRun() throws Exception {
    List<String> expected = job.answersHere();

    Ended first = cluster.run(job.arguments(folder.resolve("first")));
    Ended second = cluster.run(job.arguments(folder.resolve("second")));
    Ended third = cluster.run(job.arguments(folder.resolve("second")));

    cluster.idleTimes().forEach(System.out::println);
    assertThat(expected).hasSize(PackagesJob.ROWS);
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(Answers.read(folder.resolve("first"))).isEqualTo(expected);
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(Answers.read(folder.resolve("second"))).isEqualTo(expected);
    assertThat(third.status()).as(third.err()).isZero();
    assertThat(third.out()).contains("Nothing to do");
  }

  @Test
  void theClientTellsWrongCallsFromFailedJobs() throws Exception {
    Path output = folder.resolve("none");
    Ended mistyped = cluster.run(job.arguments(output, "output.pth=" + output));
    Ended failed =
        cluster.run(job.arguments(output, "prompt.text={{ 1 // 0 }}", "errors.max-fraction=0"));

    assertThat(mistyped.status()).isEqualTo(2);
    assertThat(mistyped.err()).contains("nightshift: ").contains("output.pth");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err()).contains("nightshift: ").contains("rows have errors");
  }
}
