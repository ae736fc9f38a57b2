package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.RealModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plan's heap does not grow with its rows: a process with a heap of 1 GB plans as many short rows
 * as {@code -Dnightshift.test.plan-rows} says. The long form is a million; every build plans
 * 200,000, to stay short. (A million took 100 s on 2 shared cores on 2026-11-22, and ended well.)
 */
class PlanMemoryITCase {
  private static final int ROWS = Integer.getInteger("nightshift.test.plan-rows", 200_000);

  @TempDir private Path folder = Path.of("");

  @Test
  void manyShortRowsArePlannedInAHeapOfOneGigabyte() throws Exception {
    ParquetRows.write(
        folder.resolve("rows.parquet"),
        "message rows { required int32 id; required binary text (STRING); }",
        ROWS,
        (id, row) -> row.append("id", id).append("text", "ticket " + id % 1000));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        input: {path: %1$s/rows.parquet}
        model: {path: %2$s, device: cpu}
        prompt: {text: "Sort {{ text }} of {{ id }}:"}
        answer: {choices: [a, b]}
        output: {path: %1$s/answers}
        """
            .formatted(folder, RealModel.smolLm2()));

    Process process = NightshiftProcess.start(folder, "plan");
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("ended").isTrue();

    assertThat(process.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
    assertThat(Files.readString(folder.resolve("out")))
        .startsWith(String.format(Locale.ROOT, "Planned %,d rows in ", ROWS));
  }
}
