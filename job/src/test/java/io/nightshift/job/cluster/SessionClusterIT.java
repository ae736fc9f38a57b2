package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real model's job on a session cluster: one JobManager and two TaskManagers, in a locale with
 * digits of its own.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class SessionClusterIT {
  @TempDir private static Path folder;
  private static PackagesJob job;
  private static FlinkProcessCluster cluster;
  private static JobLeftovers leftovers;

  @BeforeAll
  static void start() throws Exception {
    job = new PackagesJob(folder);
    leftovers = new JobLeftovers(folder.resolve("libraries"));
    cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), Map.of())
            .withEnvironment(
                "JAVA_TOOL_OPTIONS", "-Duser.language=ar -Duser.country=EG " + leftovers.option())
            .startJobManager()
            .startTaskManagers(2);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  /**
   * Two runs in one session: the TaskManagers load the native libraries again, in another class
   * loader. What they have unpacked for a job is gone after it, as are the threads that would hold
   * its classes.
   */
  @Test
  void answersAreThoseOfTheLocalRun() throws Exception {
    List<String> expected = job.answersHere();

    Ended first = cluster.run(job.arguments(folder.resolve("first")));
    assertThat(leftovers.libraries()).isNotEmptyDirectory();
    leftovers.awaitNone(cluster);
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
        cluster.run(
            job.arguments(
                output, "prompt.text={{ package }}{{ 1 // 0 }}", "errors.max-fraction=0"));

    assertThat(mistyped.status()).isEqualTo(2);
    assertThat(mistyped.err()).contains("nightshift: ").contains("output.pth");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err()).contains("nightshift: ").contains("rows have errors");
  }

  /** The client knows the characters of the output's name, the only TaskManager does not. */
  @Test
  void aTaskManagerThatCannotNameAFolderSaysSo() throws Exception {
    Path file = folder.resolve("job.yaml");
    String output = folder + "/\u00f6ffnen";
    Files.writeString(
        file,
        """
        input: {path: %s}
        model: {path: %s, device: cpu}
        prompt: {text: "{{ package }}"}
        answer: {choices: [a, b]}
        output: {path: %s}
        engine: {kv-cache-memory: 100m}
        """
            .formatted(job.input(), RealModel.smolLm2(), output));
    Map<String, String> settings =
        Map.of("restart-strategy.type", "none", "parallelism.default", "1");
    try (FlinkProcessCluster ascii =
        FlinkProcessCluster.session(folder.resolve("ascii"), settings)
            .withEnvironment("LC_ALL", "C.UTF-8")
            .startJobManager()) {
      ascii.launchTaskManager(List.of("env", "LC_ALL=C"), List.of(), Map.of());

      Ended ended = ascii.run("run", file.toString());

      assertThat(ended.status()).as(ended.err()).isEqualTo(1);
      assertThat(ended.err())
          .contains("nightshift: " + output)
          .contains("has characters that this process cannot name")
          .contains("set LC_ALL=C.UTF-8 in the environment");
    }
  }
}
