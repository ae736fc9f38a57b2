package io.nightshift.job.report.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.report.ConfigurationEntry;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.job.report.ErrorFigures;
import io.nightshift.job.report.PrefixFigures;
import io.nightshift.job.report.runs.RunResult.State;
import io.nightshift.operators.report.EngineSample;
import io.nightshift.operators.report.EngineSeries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordsTest {
  private static final Instant STARTED = Instant.parse("2026-11-30T21:05:42.125Z");

  @TempDir private Path folder = Path.of("");
  private final Random random = new Random();

  private RunRecords records() {
    return RunRecords.of(new org.apache.flink.core.fs.Path(folder.toUri()));
  }

  private RunRecord record(String run, Instant started, State state) {
    List<EngineSeries> engines = new ArrayList<>();
    for (int task = 0; task < 11; task++) {
      List<EngineSample> samples = new ArrayList<>();
      for (int i = 1; i <= 1 + random.nextInt(EngineSeries.MAX_SAMPLES - 1); i++) {
        samples.add(
            new EngineSample(
                started.toEpochMilli() + 100L * i,
                random.nextInt(9),
                random.nextLong() >>> 20,
                random.nextInt(9),
                random.nextInt(9),
                random.nextInt(9),
                random.nextLong() >>> 1,
                random.nextInt(9),
                random.nextInt(9),
                random.nextInt(9),
                random.nextInt(9)));
      }
      engines.add(
          EngineSeries.beginning(task, task % 2, "host ☾", "GPUs 0+1 (\"H200\")", "fp8")
              .with(started.toEpochMilli() + task, samples));
    }
    return new RunRecord(
        new RunDescription(
            run,
            "0.1.0",
            folder.toString(),
            null,
            "hf:a/b",
            started,
            100,
            7,
            null,
            List.of(new PrefixFigures(3, 4, 9, 0.5, "<script>\u0000 \"text\"")),
            List.of(new ConfigurationEntry("a", "b"))),
        new RunResult(
            state,
            null,
            started.plusMillis(1),
            Map.of("stop", 3L),
            1,
            2,
            3,
            4.5,
            List.of(new ErrorFigures("code", 1, List.of("example"))),
            new EnergyFigures(
                1.0, null, 0.5, null, 3.0, 0, null, null, null, List.of("CPU: no RAPL")),
            Map.of(3, 1.0),
            null),
        engines);
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    RunRecord first = record("0123456789ab", STARTED, State.RUNNING);
    records().write(first);
    assertThat(records().last()).contains(first);

    RunRecord end = record("0123456789ab", STARTED, State.DONE);
    records().write(end);
    assertThat(records().files()).as("the same run").hasSize(1);
    assertThat(records().last()).contains(end);

    RunRecord next = record("ffffffffffff", STARTED.plusSeconds(1), State.FAILED);
    records().write(next);
    assertThat(records().files()).hasSize(2);
    assertThat(records().last()).contains(next);
    assertThat(RunRecords.read(records().files().get(0))).isEqualTo(end);
  }

  @Test
  void otherReadersFindTheDocumentedColumns() throws Exception {
    RunRecord record = record("0123456789ab", STARTED, State.DONE);
    records().write(record);
    Path runs = folder.resolve("_nightshift/runs");
    List<Group> rows = ParquetRows.readInOrder(runs);
    assertThat(rows)
        .hasSize(record.engines().stream().mapToInt(engine -> engine.samples().size()).sum());
    long steps = rows.stream().mapToLong(row -> row.getLong("steps", 0)).sum();
    assertThat(steps)
        .isEqualTo(record.engines().stream().mapToLong(engine -> engine.total().steps()).sum());
    String page = Files.readString(Path.of("..").resolve("docs/report.md"));
    rows.get(0)
        .getType()
        .getFields()
        .forEach(field -> assertThat(page).contains("`" + field.getName() + "`"));
    assertThat(Files.size(ParquetRows.files(runs).get(0))).isLessThan(200_000);
  }

  @Test
  void aFileOfSomethingElseIsRefused() throws Exception {
    Path runs = Files.createDirectories(folder.resolve("_nightshift/runs"));
    ParquetRows.write(
        runs.resolve("20261130T210000Z-0123456789ab.parquet"),
        "message other { required int64 id; }",
        1,
        (row, group) -> group.append("id", 1L));
    assertThatThrownBy(() -> records().last())
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("is not the record of a run");
  }
}
