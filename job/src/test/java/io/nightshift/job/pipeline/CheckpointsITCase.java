package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.RunReport;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers are committed while engines compute: one with more rows than it may hold, and one that
 * holds the last rows of the job, with the default {@code engine.max-running-sequences}. Runs
 * resume from these answers, and from no savepoint.
 */
class CheckpointsITCase {
  private static final int ROWS = 1600;

  /** Fewer than the engine may hold, which then reads no more. */
  private static final int ROWS_AT_ONCE = 400;

  /** Files that must be there before an engine ends. */
  private static final int FILES = 3;

  @TempDir private Path folder = Path.of("");

  /** Engines that compute a step when answers of the step before have been committed. */
  private record CommittedEngines(String output) implements EngineFactory {
    @Override
    public TaskEngine create() {
      FakeModelRunner runner = FakeEngines.runner(64, 8);
      return FakeEngines.engine(new CommittedRunner(runner, Path.of(output)));
    }
  }

  private static final class CommittedRunner extends ForwardingModelRunner {
    /** Far longer than a checkpoint takes. */
    private static final long PATIENCE_MILLIS = 30_000;

    private static final long PAUSE_MILLIS = 20;

    private final Path output;
    private int steps;

    CommittedRunner(FakeModelRunner runner, Path output) {
      super(runner);
      this.output = output;
    }

    @Override
    public Logits run(StepBatch batch) {
      try {
        awaitFiles(Math.min(steps++, FILES));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the engine is closed", e);
      }
      return super.run(batch);
    }

    private void awaitFiles(int count) throws IOException, InterruptedException {
      for (long waited = 0; count > ParquetRows.files(output).size(); waited += PAUSE_MILLIS) {
        if (waited > PATIENCE_MILLIS) {
          throw new IllegalStateException(
              "after %s steps there are not %s files of answers".formatted(steps - 1, count));
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  @BeforeEach
  void writeModel() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
  }

  @ParameterizedTest
  @CsvSource({
    // Full, and the last rows.
    ROWS + ",execution.checkpointing.timeout,5 s",
    ROWS_AT_ONCE + ",execution.checkpointing.timeout,5 s",
    // Settings that would hold up checkpoints or lose their answers, and have no effect.
    ROWS_AT_ONCE + ",pipeline.operator-chaining.enabled,false",
    ROWS_AT_ONCE + ",execution.checkpointing.checkpoints-after-tasks-finish,false"
  })
  void answersAppearWhileTheEngineComputes(int rows, String key, String value) throws Exception {
    ParquetRows.write(
        folder.resolve("notes.parquet"),
        "message notes { required int64 id; required binary body (STRING); }",
        rows,
        (id, row) -> row.append("id", (long) id).append("body", "note " + id));

    RunReport report = run(key, value);

    assertThat(report.rows()).isEqualTo(rows);
    assertThat(ParquetRows.read(folder.resolve("answers")))
        .extracting(row -> row.getLong("id", 0))
        .hasSize(rows)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"execution.state-recovery.path", "execution.savepoint.path"})
  void aRunDoesNotStartFromASavepoint(String key) {
    EmbeddedRuns runs = runs(Map.of(key, "s3://bucket/savepoints/savepoint-1"));
    assertThatThrownBy(() -> runs.run(job()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("execution.state-recovery.path (flink run -s) is set to s3://")
        .hasMessageContaining("Run the job without it");
    assertThatThrownBy(() -> runs.plan(job()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("execution.state-recovery.path");
    assertThat(folder.resolve("answers")).doesNotExist();
  }

  private RunReport run(String key, String value) throws Exception {
    Map<String, String> flink = new HashMap<>();
    flink.put("execution.checkpointing.interval", "100 ms");
    flink.put("execution.checkpointing.tolerable-failed-checkpoints", "2");
    flink.put("restart-strategy.type", "none");
    flink.put(key, value);
    return runs(flink).run(job());
  }

  private String job() {
    return """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {max-tokens: 1}
        output: {path: %1$s/answers}
        engine: {kv-cache-memory: 2m}
        plan: {unit-tokens: 200}
        """
        .formatted(folder);
  }

  private EmbeddedRuns runs(Map<String, String> flink) {
    CommittedEngines engines = new CommittedEngines(folder.resolve("answers").toString());
    return new EmbeddedRuns((specification, model) -> engines, flink);
  }
}
