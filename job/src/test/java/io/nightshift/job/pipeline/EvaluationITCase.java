package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.report.EvaluationFigures;
import io.nightshift.job.report.evaluation.EvaluationText;
import io.nightshift.job.report.runs.RunRecords;
import io.nightshift.job.report.runs.RunResult;
import io.nightshift.job.report.runs.RunResult.State;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose answers are compared with a column, with a model of random weights. */
class EvaluationITCase {
  private static final int ROWS = 40;
  private static final List<String> TRUTHS = List.of("1", "2", "3", "4");

  @TempDir private Path folder;

  @BeforeEach
  void writeNotes() throws IOException {
    ParquetRows.write(
        folder.resolve("notes.parquet"),
        "message notes { required int64 id; optional binary body (STRING);"
            + " optional int32 truth; optional binary word (STRING); required binary bytes; }",
        ROWS,
        (id, row) -> {
          row.append("id", (long) id);
          if (id > 0) {
            row.append("body", "note " + id);
          }
          if (id % 10 != 3) {
            row.append("truth", 1 + id % 4);
          }
          row.append("word", id % 2 == 0 ? "first" : "second").append("bytes", "x");
        });
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
  }

  private String job(String answer, String columns, String evaluate) {
    return """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {%2$s}
        output: {path: %1$s/answers, columns: [%3$s]}
        evaluate: {%4$s}
        errors: {max-rows: 1, max-fraction: 1}
        engine: {kv-cache-memory: 8m}
        """
        .formatted(folder, answer, columns, evaluate);
  }

  private static String choices() {
    return "choices: ['1', '2', '3']";
  }

  private static List<String> lines(RunReport report) {
    return report.sections().stream()
        .filter(section -> section.name().equals("evaluation"))
        .flatMap(section -> section.lines().stream())
        .toList();
  }

  @Test
  void comparesChoicesWithAColumnThatIsKept() throws Exception {
    RunReport report = new EmbeddedRuns().run(job(choices(), "id", "column: truth"));

    long compared = 0;
    long right = 0;
    for (Group row : ParquetRows.read(folder.resolve("answers"))) {
      long id = row.getLong("id", 0);
      boolean hasTruth = row.getFieldRepetitionCount("truth") > 0;
      assertThat(hasTruth).isEqualTo(id % 10 != 3);
      if (id > 0 && hasTruth && row.getInteger("truth", 0) <= 3) {
        compared++;
        right += row.getString("completion", 0).equals("" + row.getInteger("truth", 0)) ? 1 : 0;
      }
    }
    assertThat(lines(report))
        .contains(
            String.format(
                Locale.ROOT,
                "accuracy %.3f of %s rows with a truth in truth",
                (double) right / compared,
                compared),
            "4 rows without a truth",
            "1 row without an answer",
            "8 rows whose truth is no label: 4")
        .anyMatch(line -> line.contains("of the most certain quarter, expected calibration error"));
    assertThat(report.text()).contains("  evaluation  accuracy ");

    RunReport again = new EmbeddedRuns().run(job(choices(), "id", "column: truth"));
    assertThat(again.isNothingDone()).isTrue();
    assertThat(lines(again)).isEqualTo(lines(report));
  }

  @Test
  void comparesAFieldOfASchema() throws Exception {
    String schema =
        "max-tokens: 40, json-schema: {type: object, properties: {place: {type: object,"
            + " properties: {floor: {enum: [1, 2, 3, 4]}}, required: [floor], additionalProperties: false}},"
            + " required: [place], additionalProperties: false}";
    RunReport report = new EmbeddedRuns().run(job(schema, "id, truth", "column: truth"));

    long right = 0;
    for (Group row : ParquetRows.read(folder.resolve("answers"))) {
      if (row.getLong("id", 0) > 0 && row.getFieldRepetitionCount("truth") > 0) {
        long floor = row.getGroup("answer", 0).getGroup("place", 0).getLong("floor", 0);
        right += floor == row.getInteger("truth", 0) ? 1 : 0;
      }
    }
    assertThat(lines(report))
        .contains(
            String.format(
                Locale.ROOT, "accuracy %.3f of 35 rows with a truth in truth", right / 35.0))
        .anyMatch(line -> line.contains("of the most certain quarter, expected calibration error"));
    for (String label : TRUTHS) {
      assertThat(lines(report)).anyMatch(line -> line.startsWith(label + ": precision "));
    }
  }

  @Test
  void anOutputWithoutTheColumnIsRefusedByName() throws Exception {
    String evaluated = job(choices(), "id", "column: truth");
    String plain = evaluated.replaceAll("evaluate: .*\n", "");
    new EmbeddedRuns().run(plain);
    assertThatThrownBy(() -> new EmbeddedRuns().run(evaluated))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("the answers of another job, with another evaluate.column (");
  }

  @Test
  void anOutputThatHasTheColumnAlreadyIsEvaluatedLater() throws Exception {
    String evaluated = job(choices(), "id, truth", "column: truth");
    new EmbeddedRuns().run(evaluated.replaceAll("evaluate: .*\n", ""));
    RunReport report = new EmbeddedRuns().run(evaluated);
    assertThat(report.isNothingDone()).isTrue();
    assertThat(lines(report)).isNotEmpty();
    RunResult recorded = recorded();
    assertThat(recorded.rows()).isEqualTo(ROWS);
    EvaluationFigures figures = Objects.requireNonNull(recorded.evaluation());
    assertThat(EvaluationText.of(figures)).isEqualTo(lines(report));
  }

  @Test
  void theRightColumnMendsARunThatNamedAnother() throws Exception {
    assertThatThrownBy(
            () -> new EmbeddedRuns().run(job(choices(), "id, word, truth", "column: word")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("name the column that has these labels, or leave evaluate out");
    assertThat(recorded().state()).isEqualTo(State.FAILED);

    new EmbeddedRuns().run(job(choices(), "id, word, truth", "column: truth"));
    assertThat(recorded().state()).isEqualTo(State.DONE);
    assertThat(recorded().failure()).isNull();
    assertThat(recorded().evaluation()).isNotNull();
  }

  private RunResult recorded() throws Exception {
    return RunRecords.of(new org.apache.flink.core.fs.Path(folder.resolve("answers").toString()))
        .last()
        .orElseThrow()
        .result();
  }

  @Test
  void rowsWithAnErrorCountWhereverTheyAre() throws Exception {
    String elsewhere =
        job(choices(), "id", "column: truth")
            .replace("errors: {", "errors: {path: %s/failed, ".formatted(folder));
    assertThat(lines(new EmbeddedRuns().run(elsewhere)))
        .contains("4 rows without a truth", "1 row without an answer");
  }

  @Test
  void refusesColumnsThatAreNoTruth() throws Exception {
    assertThatThrownBy(() -> new EmbeddedRuns().run(job(choices(), "id", "column: trut")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("evaluate.column: ")
        .hasMessageContaining("trut is missing. Did you mean truth?");
    assertThatThrownBy(() -> new EmbeddedRuns().run(job(choices(), "id", "column: bytes")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("evaluate.column bytes is Binary: the truth must be text");
    assertThatThrownBy(() -> new EmbeddedRuns().run(job(choices(), "id", "column: word")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("no value of evaluate.column word is one of the labels (1, 2, 3)")
        .hasMessageContaining("its values are first, second; run with --fresh and the column");
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(ROWS);
  }
}
