package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.hub.ModelMismatchException;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model on this machine that is replaced by another one with files of the same sizes. */
class ModelChangeITCase {
  private static final int ROWS = 20;

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeInput() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    writeNotes("first.parquet", 0);
  }

  private void writeNotes(String file, int firstId) throws IOException {
    ParquetRows.write(
        Files.createDirectories(folder.resolve("notes")).resolve(file),
        "message notes { required int64 id; required binary body (STRING); }",
        ROWS,
        (id, row) -> row.append("id", (long) firstId + id).append("body", "note " + id));
  }

  @Test
  void anotherModelOfTheSameSizeDoesNotMixItsAnswersIn() throws Exception {
    run(new DeviceEngines());
    retrain();
    writeNotes("second.parquet", ROWS);

    assertThatThrownBy(() -> run(new DeviceEngines()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("the answers of another job, with another model.path (weights) (");

    Files.writeString(folder.resolve("model/tokenizer_config.json"), "{}");
    assertThatThrownBy(() -> run(new DeviceEngines()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(
            "with another model.path (configuration and tokenizer), model.path (weights) (");
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(ROWS);
  }

  @Test
  void tasksThatFindAnotherModelThanTheClientFailTheJob() throws Exception {
    assertThatThrownBy(
            () ->
                run(
                    (job, model) -> {
                      retrain();
                      return new DeviceEngines().select(job, model);
                    }))
        .hasRootCauseInstanceOf(ModelMismatchException.class)
        .rootCause()
        .hasMessageContaining("model.path (weights): " + folder.resolve("model").toRealPath())
        .hasMessageContaining("run the job again");
    assertThat(ParquetRows.files(folder.resolve("answers"))).isEmpty();

    run(new DeviceEngines());
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(ROWS);
  }

  private void retrain() {
    try (RandomAccessFile weights =
        new RandomAccessFile(folder.resolve("model/model.safetensors").toFile(), "rw")) {
      weights.seek(weights.length() - 1);
      int last = weights.read();
      weights.seek(weights.length() - 1);
      weights.write(last ^ 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(EngineSelection engines) throws Exception {
    String job =
        """
        input: {path: %1$s/notes}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {max-tokens: 1}
        output: {path: %1$s/answers}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(folder);
    new EmbeddedRuns(engines).run(job);
  }
}
