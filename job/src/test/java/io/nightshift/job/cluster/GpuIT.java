package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * GPUs as Flink counts them, with Flink's own driver and a script that says which ones a
 * TaskManager has.
 */
class GpuIT {
  private static final int ROWS = 2000;
  private static final double ROWS_PER_SECOND = 50;

  @TempDir private Path folder = Path.of("");

  @Test
  void everySlotTakesAGpuOfItsOwn() throws Exception {
    PacedJob job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    Map<String, String> settings =
        Map.of("parallelism.default", "4", "taskmanager.numberOfTaskSlots", "2");
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings)) {
      cluster.withPlugin("external-resource-gpu").startJobManager();
      cluster.launchTaskManager(List.of(), List.of(), gpus());
      cluster.launchTaskManager(List.of(), List.of(), gpus());
      cluster.awaitTaskManagers();
      run(cluster, job, "on-any-slots");
      cluster.launchTaskManager();
      cluster.awaitTaskManagers();
      run(
          cluster,
          job,
          "on-slots-with-a-gpu",
          "model.device=cuda",
          "engine.slot-cpu-cores=1",
          "engine.slot-heap-memory=32m",
          "engine.slot-off-heap-memory=32m");
    }
  }

  private static void run(
      FlinkProcessCluster cluster, PacedJob job, String run, String... overrides) throws Exception {
    TestProcess client = job.submit(cluster, run, ROWS_PER_SECOND, overrides);
    RunningInference inference = RunningInference.await(cluster, client, job, run);
    inference.awaitComputed(100);
    job.release(run);
    Ended ended = client.ended();

    assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
    assertThat(job.gpus(run)).as(run).containsExactly(0, 1, 2, 3);
  }

  private Map<String, String> gpus() throws IOException {
    return Map.of(
        "external-resources",
        "gpu",
        "external-resource.gpu.driver-factory.class",
        "org.apache.flink.externalresource.gpu.GPUDriverFactory",
        "external-resource.gpu.amount",
        "2",
        "external-resource.gpu.param.discovery-script.path",
        discoveryScript().toString());
  }

  /** Gives the next two GPUs to whoever calls it. */
  private Path discoveryScript() throws IOException {
    Path script = folder.resolve("discover-gpus.sh");
    Files.writeString(
        script,
        """
        #!/bin/sh
        n=0
        while ! mkdir "%s/gpus-of-$n" 2>/dev/null; do n=$((n + 1)); done
        echo "$((2 * n)),$((2 * n + 1))"
        """
            .formatted(folder));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
