package io.nightshift.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.cluster.TestProcess.Ended;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.runtime.model.RealModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the logs of a cluster say, and must not say: they name job, unit and row, and no text of a
 * row, prompt or answer, and no secret, whatever goes wrong.
 */
class LogsIT {
  /** In every row's text. */
  private static final String CONFIDENTIAL = "aardvark";

  /** In every prompt. */
  private static final String INSTRUCTION = "pangolin";

  private static final String SECRET = "wildebeest";
  private static final int ROWS = 400;
  private static final double FAST = 1_000_000;

  @TempDir private Path folder = Path.of("");

  @Test
  void nameRowsAndNeverTheirTextOrASecret() throws Exception {
    writeJob();
    Path jar = PacedNightshift.jar(folder);
    Path home = folder.resolve("cluster");
    List<Ended> clients = new ArrayList<>();
    try (FlinkProcessCluster cluster = FlinkProcessCluster.session(home, settings())) {
      cluster.withPlugin("s3-fs-hadoop").startJobManager().startTaskManagers(2);
      clients.add(run(cluster, jar, "answers", FAST));
      clients.add(run(cluster, jar, "answers", FAST, "errors.max-rows=1"));
      clients.add(run(cluster, jar, "strict", FAST, "errors.max-rows=1"));
      clients.add(run(cluster, jar, "broken", PacedRunner.BROKEN));
    }

    assertThat(clients).extracting(Ended::status).containsExactly(0, 1, 1, 1);
    assertThat(clients.get(1).err()).contains("rows.parquet row 3: ").contains("template_error");
    String logs = everythingPrinted(home);
    assertThat(logs)
        .contains("Nightshift plan: ", "Nightshift infer: ", "rows.parquet row ", "unit-00000-")
        .contains("the engine failed: the device of this test fails")
        .doesNotContain(CONFIDENTIAL, INSTRUCTION, SECRET);
  }

  private Ended run(
      FlinkProcessCluster cluster, Path jar, String run, double rowsPerSecond, String... overrides)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            Double.toString(rowsPerSecond), folder.resolve(run + ".tally").toString(), "--debug"));
    arguments.addAll(List.of("run", folder.resolve("job.yaml").toString()));
    arguments.addAll(List.of("--set", "output.path=" + folder.resolve(run)));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override));
    }
    return PacedNightshift.submit(cluster, jar, List.of(), arguments.toArray(String[]::new))
        .ended();
  }

  private void writeJob() throws IOException {
    ParquetRows.write(
        folder.resolve("rows.parquet"),
        "message rows { required int64 id; optional binary text (STRING); required int32 parts; }",
        ROWS,
        (id, row) -> {
          row.append("id", (long) id).append("parts", id % 100 == 3 ? 0 : 1);
          if (id % 100 != 5) {
            row.append("text", (CONFIDENTIAL + " " + id + " ").repeat(id % 100 == 7 ? 5000 : 1));
          }
        });
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        input: {path: %s}
        model: {path: %s, device: cpu}
        prompt: {text: "%s {{ text }}{{ '' if 1 // parts }}"}
        answer: {max-tokens: 1}
        output: {path: answers}
        errors: {max-fraction: 1}
        plan: {unit-tokens: 500}
        """
            .formatted(folder.resolve("rows.parquet"), RealModel.smolLm2(), INSTRUCTION));
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("execution.checkpointing.interval", "1 s");
    settings.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
    settings.put("restart-strategy.type", "none"); // an engine that fails once fails again
    settings.put("s3.access-key", "key");
    settings.put("s3.secret-key", SECRET);
    return settings;
  }

  private static String everythingPrinted(Path home) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.filter(path -> path.toString().matches(".*\\.(out|err)")).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }
}
