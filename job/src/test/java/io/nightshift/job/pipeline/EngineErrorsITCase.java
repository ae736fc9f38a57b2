package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.FailedRows;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.run.JobFailedException;
import io.nightshift.operators.report.TooManyErrorsException;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors that no plan can foresee: two tasks' engines turn out to have less room than was said. */
class EngineErrorsITCase {
  private static final int ROWS = 400;
  private static final int LONG_ROWS = 40;
  private static final String FREE_TEXT = "{max-tokens: 1}";

  @TempDir private Path folder = Path.of("");

  /** Engines of 64 tokens of KV cache, which say nothing of it beforehand. */
  private static final FakeEngines SMALL_ENGINES = new FakeEngines(8, 8);

  @BeforeEach
  void writeInput() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    ParquetRows.write(
        folder.resolve("notes.parquet"),
        "message notes { required int64 id; required binary body (STRING); }",
        ROWS,
        (id, row) ->
            row.append("id", (long) id)
                .append("body", (id % 7919 * 31 % 97) + (isLong(id) ? " note".repeat(40) : "")));
  }

  private static boolean isLong(int id) {
    return id % (ROWS / LONG_ROWS) == 3;
  }

  @Test
  void tooManyOfThemEndTheJobBeforeTheyAreCommitted() throws Exception {
    assertThatThrownBy(() -> run("errors.max-rows=" + (LONG_ROWS - 1)))
        .hasRootCauseInstanceOf(TooManyErrorsException.class)
        .rootCause()
        .hasMessageStartingWith("40 of 400 rows have errors, more than errors.max-fraction")
        .hasMessageContaining("40 prompt_too_long (")
        .hasMessageContaining("the KV cache takes 64");
    long committed = committedErrors();
    assertThat(committed).isLessThan(LONG_ROWS);

    RunReport report = run("errors.max-rows=" + LONG_ROWS);
    assertThat(report.failures())
        .extracting(FailedRows::rows)
        .containsExactly(LONG_ROWS - committed);
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(ROWS);
    assertThat(committedErrors()).isEqualTo(LONG_ROWS);

    assertThatThrownBy(() -> run("errors.max-fraction=0.05"))
        .isInstanceOf(JobFailedException.class)
        .hasMessageStartingWith("40 of 400 rows have errors");
  }

  private long committedErrors() throws IOException {
    return ParquetRows.read(folder.resolve("answers")).stream()
        .filter(row -> row.getFieldRepetitionCount("error_code") > 0)
        .count();
  }

  @Test
  void whatIsKnownOfTheEnginesIsFoundBeforeThereIsOne() {
    assertThatThrownBy(
            () ->
                run(
                    new DeviceEngines(),
                    FREE_TEXT,
                    "errors.max-fraction=0.01",
                    "prompt.text={{ body * 10 }}"))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("prompt_too_long (")
        .hasMessageContaining("the model's context takes at most 255");
    assertThatThrownBy(
            () ->
                run(
                    new DeviceEngines(),
                    "{choices: [yes, %s]}".formatted("certainly ".repeat(60)),
                    "engine.max-step-tokens=32"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("at most 32 fit one step");
    assertThatThrownBy(
            () -> run(new DeviceEngines(), FREE_TEXT, "engine.host-kv-cache-memory=9000tb"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("engine.host-kv-cache-memory is")
        .hasMessageContaining("for each of 2 engines, but this host has");
  }

  private RunReport run(String... overrides) throws Exception {
    return run((job, model) -> SMALL_ENGINES, FREE_TEXT, overrides);
  }

  private RunReport run(EngineSelection engines, String answer, String... overrides)
      throws Exception {
    String job =
        """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: %2$s
        output: {path: %1$s/answers}
        errors: {max-fraction: 1}
        engine: {kv-cache-memory: 2m}
        plan: {unit-tokens: 200}
        """
            .formatted(folder, answer);
    return new EmbeddedRuns(engines, Map.of("parallelism.default", "2")).run(job, overrides);
  }
}
