package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real model's job with all that it reads and writes on HDFS, through Hadoop's client. */
class HdfsClusterIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void everythingOnHdfs() throws Exception {
    PackagesJob job = new PackagesJob(folder);
    List<String> expected = job.answersHere();
    try (HdfsProcess hdfs = HdfsProcess.start(folder.resolve("hdfs"))) {
      hdfs.put(PackagesJob.file(), "jobs/job.yaml");
      hdfs.put(job.input(), "input/packages.parquet");
      hdfs.put(RealModel.smolLm2(), "models/smol.gguf");
      Map<String, String> settings = new HashMap<>();
      settings.put("parallelism.default", "1");
      settings.put("execution.checkpointing.interval", "1 s");
      settings.put("execution.checkpointing.dir", hdfs.address("checkpoints"));
      String[] arguments =
          PackagesJob.arguments(
              hdfs.address("jobs/job.yaml"),
              hdfs.address("input/*.parquet"),
              hdfs.address("models/smol.gguf"),
              hdfs.address("answers"));
      try (FlinkProcessCluster cluster =
          FlinkProcessCluster.session(folder.resolve("cluster"), settings)
              .withJars(HdfsProcess.clientJars())
              .withEnvironment("NIGHTSHIFT_CACHE", folder.resolve("cache").toString())
              .startJobManager()
              .startTaskManagers(1)) {
        Ended otherPlan = cluster.run(ofOtherPlan(arguments));
        Ended first = cluster.run(arguments);
        Ended second = cluster.run(arguments);

        assertThat(otherPlan.status()).as(otherPlan.out() + otherPlan.err()).isZero();
        assertThat(first.status()).as(first.out() + first.err()).isZero();
        assertThat(Answers.read(hdfs.fetch("answers", folder.resolve("answers"))))
            .isEqualTo(expected);
        assertThat(second.status()).as(second.out() + second.err()).isZero();
        assertThat(second.out()).contains("Nothing to do");
      }
    }
  }

  /** Plans a job with another sampling, which leaves files that this one has to replace. */
  private static String[] ofOtherPlan(String[] run) {
    List<String> plan = new ArrayList<>(List.of(run));
    plan.set(0, "plan");
    plan.addAll(List.of("--set", "sampling.seed=7"));
    return plan.toArray(String[]::new);
  }
}
