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

/** The real model on two TaskManagers, one of which computes in another precision. */
@SuppressWarnings("NullAway.Init") // set before all tests
class MixedDevicesIT {
  @TempDir private static Path folder;
  private static PackagesJob job;
  private static FlinkProcessCluster cluster;

  @BeforeAll
  static void startCluster() throws Exception {
    job = new PackagesJob(folder);
    cluster = FlinkProcessCluster.session(folder.resolve("cluster"), Map.of()).startJobManager();
    cluster.launchTaskManager();
    cluster.launchTaskManager(
        List.of(),
        List.of(),
        Map.of("taskmanager.resource-id", "exact", "nightshift.model.dtype", "f32"));
    cluster.awaitTaskManagers();
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
  }

  @Test
  void aJobThatAllowsItIsAnsweredByBoth() throws Exception {
    Ended client = cluster.run(job.arguments(folder.resolve("mixed"), "engine.mixed-devices=true"));

    assertThat(client.status()).as(client.out() + client.err()).isZero();
    assertThat(Answers.read(folder.resolve("mixed"))).hasSize(PackagesJob.ROWS);
    assertThat(cluster.taskManager("exact").out())
        .contains("This engine runs on cpu in f32, the job's on cpu in bf16");
  }

  @Test
  void anyOtherJobFailsAndNamesBoth() throws Exception {
    Ended client = cluster.run(job.arguments(folder.resolve("refused")));

    assertThat(client.status()).isEqualTo(1);
    assertThat(client.err())
        .contains("answers on cpu in f32 (nightshift.model.dtype)")
        .contains("the job on cpu in bf16")
        .contains("engine.mixed-devices: true");
  }
}
