package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * GPUs as Flink counts them, with Flink's own driver: a script says that a machine has four, two
 * for each of two TaskManagers; each of their four slots takes another one.
 */
class GpuIT {
  private static final int ROWS = 2000;
  private static final double ROWS_PER_SECOND = 50;

  @TempDir private Path folder = Path.of("");

  @Test
  void everySlotTakesAGpuOfItsOwn() throws Exception {
    PacedJob job = new PacedJob(folder, ROWS, "answer: {max-tokens: 1}");
    try (FlinkProcessCluster cluster =
        FlinkProcessCluster.session(folder.resolve("cluster"), settings())) {
      cluster.withPlugin("external-resource-gpu").startJobManager().startTaskManagers(2);
      TestProcess client = job.submit(cluster, "run", ROWS_PER_SECOND);
      RunningInference inference = RunningInference.await(cluster, client, job, "run");
      inference.awaitComputed(100);
      job.release("run");
      Ended ended = client.ended();

      assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
      assertThat(job.gpus("run")).containsExactly(0, 1, 2, 3);
    }
  }

  private Map<String, String> settings() throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("parallelism.default", "4");
    settings.put("taskmanager.numberOfTaskSlots", "2");
    settings.put("external-resources", "gpu");
    settings.put(
        "external-resource.gpu.driver-factory.class",
        "org.apache.flink.externalresource.gpu.GPUDriverFactory");
    settings.put("external-resource.gpu.amount", "2");
    settings.put("external-resource.gpu.param.discovery-script.path", discoveryScript().toString());
    return settings;
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
