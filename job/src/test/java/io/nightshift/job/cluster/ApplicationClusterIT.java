package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.Nightshift;
import io.nightshift.job.cluster.TestProcess.Ended;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real model's job in application mode: the JobManager runs the program. */
@SuppressWarnings("NullAway.Init") // set before all tests
class ApplicationClusterIT {
  @TempDir private static Path folder;
  private static PackagesJob job;

  @BeforeAll
  static void writeInput() throws Exception {
    job = new PackagesJob(folder);
  }

  @Test
  void answersAreThoseOfTheLocalRun() throws Exception {
    List<String> expected = job.answersHere();

    Ended jobManager =
        runApplication("done", Map.of(), job.arguments(folder.resolve("application")));

    assertThat(jobManager.status()).as(jobManager.out()).isZero();
    assertThat(Answers.read(folder.resolve("application")))
        .hasSize(PackagesJob.ROWS)
        .isEqualTo(expected);
  }

  @Test
  void theJobManagerFailsWithTheRun() throws Exception {
    Ended jobManager =
        runApplication("wrong", Map.of(), job.arguments(folder.resolve("none"), "output.pth=none"));

    assertThat(jobManager.status()).as("Flink's status of a failed application").isNotZero();
    assertThat(jobManager.out() + jobManager.err()).contains("output.pth");
  }

  @Test
  void anApplicationDoesNotStartFromASavepoint() throws Exception {
    String savepoint = folder.resolve("savepoint-1").toUri().toString();

    Ended jobManager =
        runApplication(
            "restored",
            Map.of("execution.state-recovery.path", savepoint),
            job.arguments(folder.resolve("none")));

    assertThat(jobManager.status()).isNotZero();
    assertThat(jobManager.out() + jobManager.err())
        .contains("execution.state-recovery.path (flink run -s) is set to " + savepoint);
  }

  private static Ended runApplication(
      String name, Map<String, String> moreSettings, String[] arguments) throws Exception {
    Map<String, String> settings = new HashMap<>(moreSettings);
    settings.put("parallelism.default", "1");
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.application(
            folder.resolve(name),
            settings,
            List.of(FlinkProcessCluster.JAR),
            Nightshift.class.getName(),
            arguments)) {
      TestProcess jobManager = cluster.launchJobManager();
      cluster.launchTaskManager();
      return jobManager.ended();
    }
  }
}
