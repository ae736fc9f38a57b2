package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.report.EngineFigures;
import io.nightshift.job.report.Overview;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.build.ReportedOutput;
import io.nightshift.job.report.runs.RunRecords;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.core.fs.FileStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs record that fail, whose tasks restart, and that resume. */
class RunRecordsITCase {
  private static final int ROWS = 600;
  private static final long STEP_MILLIS = 25;

  /** Steps that are left until an engine fails. */
  private static final AtomicInteger STEPS_LEFT = new AtomicInteger();

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeInput() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    ParquetRows.write(
        folder.resolve("notes.parquet"),
        "message notes { required int64 id; required binary body (STRING); }",
        ROWS,
        (id, row) -> row.append("id", (long) id).append("body", "note " + id * 7919 % 997));
  }

  @Test
  void aRunThatFailsAndTheOneThatResumesHaveARecordEach() throws Exception {
    STEPS_LEFT.set(120);
    assertThatThrownBy(() -> run(Map.of("restart-strategy.type", "none")))
        .hasStackTraceContaining("the fan has stopped");
    List<FileStatus> records = RunRecords.of(output()).files();
    assertThat(records).hasSize(1);
    ReportData failed = ReportedOutput.find(records.get(0).getPath()).report(Long.MAX_VALUE);
    assertThat(failed.overview().failure()).contains("the fan has stopped");
    assertThat(failed.overview().complete()).isFalse();
    assertThat(failed.overview().rows()).isBetween(1L, ROWS - 1L);
    assertThat(failed.engines()).hasSize(1);
    assertThat(Files.readString(folder.resolve("answers/_nightshift/report.html")))
        .contains("the fan has stopped");
    long committed = ParquetRows.read(folder.resolve("answers")).size();
    assertThat(failed.answers().rows()).isEqualTo(committed);

    STEPS_LEFT.set(Integer.MAX_VALUE);
    run(Map.of());
    List<FileStatus> both = RunRecords.of(output()).files();
    assertThat(both).hasSize(2);
    assertThat(both.get(0).getPath()).isEqualTo(records.get(0).getPath());
    Overview resumed = ReportedOutput.find(output()).report(Long.MAX_VALUE).overview();
    assertThat(resumed.failure()).isNull();
    assertThat(resumed.complete()).isTrue();
    assertThat(resumed.rowsBefore()).isEqualTo(committed);
    assertThat(resumed.rows()).isEqualTo(ROWS - committed);
    assertThat(resumed.started()).isAfter(failed.overview().ended());
  }

  @Test
  void anEngineWhoseTaskRestartsIsKeptBesideTheNextOne() throws Exception {
    STEPS_LEFT.set(120);
    run(
        Map.of(
            "restart-strategy.type", "fixed-delay",
            "restart-strategy.fixed-delay.attempts", "1",
            "restart-strategy.fixed-delay.delay", "1 ms"));
    ReportData report = ReportedOutput.find(output()).report(Long.MAX_VALUE);
    assertThat(report.overview().complete()).isTrue();
    assertThat(report.overview().rows()).isEqualTo(ROWS);
    assertThat(report.engines())
        .extracting(EngineFigures::name)
        .containsExactly("1", "1, attempt 2");
    assertThat(report.engines()).extracting(EngineFigures::steps).allMatch(steps -> steps > 0);
  }

  private org.apache.flink.core.fs.Path output() {
    return new org.apache.flink.core.fs.Path(folder.resolve("answers").toUri());
  }

  private void run(Map<String, String> flink) throws Exception {
    String job =
        """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {max-tokens: 5}
        output: {path: %1$s/answers}
        engine: {kv-cache-memory: 2m}
        plan: {unit-tokens: 200}
        """
            .formatted(folder);
    Map<String, String> settings = new HashMap<>(flink);
    settings.put("parallelism.default", "1");
    settings.put("execution.checkpointing.interval", "300 ms");
    new EmbeddedRuns((prepared, model) -> new FailingEngines(), settings).run(job);
  }

  /** Engines that fail when {@link #STEPS_LEFT} reaches 0, once. */
  private record FailingEngines() implements EngineFactory {
    @Override
    public TaskEngine create() {
      return FakeEngines.engine(new FailingRunner());
    }
  }

  private static final class FailingRunner extends ForwardingModelRunner {
    FailingRunner() {
      super(FakeEngines.runner(16, 8));
    }

    @Override
    public Logits run(StepBatch batch) {
      step();
      return super.run(batch);
    }

    @Override
    public StepInFlight submit(StepBatch batch) {
      step();
      return super.submit(batch);
    }

    private static void step() {
      if (STEPS_LEFT.decrementAndGet() == 0) {
        throw new DeviceException("the fan has stopped");
      }
      try {
        Thread.sleep(STEP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
