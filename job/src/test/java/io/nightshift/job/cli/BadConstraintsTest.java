package io.nightshift.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.pipeline.FlinkPipeline;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a constraint is said before anything runs. */
class BadConstraintsTest {
  private static final String COLUMNS =
      "message notes { required int64 id; optional binary body (STRING);"
          + " optional binary Answer (STRING); optional binary schema (STRING); }";

  @TempDir private static Path folder;

  @BeforeAll
  static void writeNotes() throws IOException {
    ParquetRows.write(
        folder.resolve("notes.parquet"), COLUMNS, 1, (id, row) -> row.append("id", 1L));
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
  }

  private static void assertRefused(String answer, String prompt, String columns, String complaint)
      throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            input: {path: %1$s/notes.parquet}
            model: {path: %1$s/model, device: cpu}
            prompt: {text: "%2$s"}
            answer: {%3$s}
            output: {path: %1$s/answers, columns: [%4$s]}
            """
                .formatted(folder, prompt, answer, columns));
    ModelLocator models = ModelLocator.ofThisProcess(notice -> {});
    ProgressDisplay noDisplay = source -> () -> {};
    RunCommand run = new RunCommand(FlinkPipeline.embedded(models, new Configuration()), noDisplay);
    Outcome outcome =
        new CommandLineInterface(List.of(run), new PrintWriter(new StringWriter()))
            .execute("run", job.toString());
    assertThat(outcome.complaint().orElse("")).contains(complaint);
    assertThat(outcome.status()).isEqualTo(Outcome.WRONG_CALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          json-schema: {type: objekt}                            | answer.json-schema #/type: objekt is no type
          json-schema: {$schema: 'https://example.org/mine'}     | answer.json-schema #: the dialect https://example.org/mine is not supported
          json-schema: {$ref: '#/$defs/none'}                    | answer.json-schema #/$ref: there is no #/$defs/none in this schema
          json-schema: {$ref: 'https://example.org/other.json'}  | answer.json-schema #/$ref: https://example.org/other.json is not part of this schema
          json-schema: {items: {$ref: other.json}}               | answer.json-schema #/items/$ref: other.json is not part of this schema
          json-schema: false                                     | answer.json-schema #: allows no value
          json-schema: {type: string, enum: [1, 2]}              | answer.json-schema #: allows no value
          json-schema: {type: array, uniqueItems: true}          | answer.json-schema #: uniqueItems is supported only where
          json-schema: {contains: {type: string}, unevaluatedItems: false} | answer.json-schema #/unevaluatedItems: cannot be combined with contains
          json-schema: {properties: {a: {pattern: '(?<=b)c'}}}   | answer.json-schema #/properties/a/pattern: column 1: look-behind is not supported
          json-schema: {pattern: '^[ab]*a[ab]{40}$'}             | answer.json-schema #/pattern: column 12
          json-schema: {type: string, minLength: 3}, max-tokens: 2 | answer.max-tokens is 2, but the shortest answer that answer.json-schema allows has 5 tokens
          regex: a(b                                             | answer.regex column 2: the group is not closed
          regex: '(?<=a)b'                                       | answer.regex column 1: look-behind is not supported
          regex: '(a)\\1'                                        | answer.regex column 4: the back-reference \\1 is not supported
          regex: 'a\\Bb$c'                                       | answer.regex matches no text
          regex: '[ab]*a[ab]{40}'                                | answer.regex column 11
          regex: 'a{9}', max-tokens: 8                           | answer.max-tokens is 8, but the shortest answer that answer.regex allows has 9 tokens
          regex: 'a{9}', max-tokens: 9, reasoning: drop, reasoning-marks: [<r>, </r>] | answer.regex allows has 9 tokens, and the mark that ends the reasoning before it 4
          """)
  void namesTheOptionAndThePlace(String answer, String complaint) throws IOException {
    assertRefused(answer, "{{ body }}", "id", complaint);
  }

  @Test
  void namesAColumnThatCollides() throws IOException {
    assertRefused(
        "json-schema: {type: string}",
        "{{ body }}",
        "id, Answer",
        "the input column Answer has the name of the answer column answer: leave it out with output.columns, or rename it");
    assertRefused(
        "json-schema: {type: string}",
        "{{ body }} {{ schema }}",
        "id",
        "the prompt reads {{ schema }}, which is the text of answer.json-schema and also a column of the input");
  }

  @Test
  void aSchemaThatIsNotGivenIsAColumnThatIsMissing() throws IOException {
    assertRefused("regex: a+", "{{ shcema }}", "id", "shcema is missing. Did you mean schema?");
  }
}
