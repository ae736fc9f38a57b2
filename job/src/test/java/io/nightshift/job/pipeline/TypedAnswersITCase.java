package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs whose answers conform to a schema or a regular expression, with a model of random weights.
 */
class TypedAnswersITCase {
  private static final int ROWS = 24;

  private static final String SCHEMA =
      """
      {"type": "object",
       "properties": {
         "kind": {"enum": ["bill", "outage", "other"]},
         "urgent": {"type": "boolean"},
         "count": {"type": "integer", "minimum": 0, "maximum": 99},
         "score": {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.25},
         "name": {"type": ["string", "null"], "maxLength": 5},
         "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}, "maxItems": 2},
         "place": {"type": "object", "properties": {"floor": {"type": "integer", "minimum": 1, "maximum": 3}},
                   "required": [], "additionalProperties": false}},
       "required": ["kind", "urgent", "count", "score", "name", "tags"],
       "additionalProperties": false}
      """;

  private static final String READERS =
      """
      import json
      def check(rows):
        for completion, answer, error in rows:
          if error is not None:
            assert answer is None and completion is None, (completion, answer)
            continue
          value = json.loads(completion)
          value.setdefault('place', None)
          if value['place'] is not None:
            value['place'].setdefault('floor', None)
          assert answer == value, (completion, answer)
        return len(rows)
      columns = ['completion', 'answer', 'error_code']
      table = ds.dataset('answers', format='parquet', exclude_invalid_files=True).to_table(columns)
      print(check([tuple(row.values()) for row in table.to_pylist()]))
      files = glob.glob('answers/*.parquet')
      rows = duckdb.sql(f"select completion, answer, error_code from read_parquet({files})").fetchall()
      print(check(rows))
      print(len([row for row in rows if row[2] is None]))
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeNotes() throws IOException {
    ParquetRows.write(
        folder.resolve("notes.parquet"),
        "message notes { required int64 id; optional binary body (STRING); }",
        ROWS,
        (id, row) -> {
          row.append("id", (long) id);
          if (id > 0) {
            row.append("body", "note " + id);
          }
        });
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Files.writeString(folder.resolve("schema.json"), SCHEMA);
  }

  private String job(String answer) {
    return job("{{ body }}", answer);
  }

  private String job(String prompt, String answer) {
    return """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "%2$s"}
        answer: {%3$s}
        sampling: {temperature: 1}
        output: {path: %1$s/answers, columns: [id], order: input}
        errors: {max-rows: 1, max-fraction: 1}
        engine: {kv-cache-memory: 8m}
        """
        .formatted(folder, prompt, answer);
  }

  @Test
  void answersWithASchemaAreAStructThatOthersRead() throws Exception {
    String job = job("json-schema: " + folder.resolve("schema.json") + ", max-tokens: 110");
    assertThat(new EmbeddedRuns().plan(job).text())
        .contains(
            """
              answer      kind    string
                          urgent  boolean
                          count   long
                          score   double
                          name    string or null
                          tags    list<string>
                          place   struct or null
                            floor  long or null
            """);
    new EmbeddedRuns().run(job);
    assertThat(Python.run(folder, READERS)).containsExactly("" + ROWS, "" + ROWS, "" + (ROWS - 1));
  }

  @Test
  void answersWithARegularExpressionMatchIt() throws Exception {
    new EmbeddedRuns().run(job("regex: '[a-c]{2,4}-\\d', max-tokens: 8"));
    for (Group row : ParquetRows.read(folder.resolve("answers"))) {
      assertThat(row.getType().containsField("answer")).isFalse();
      if (row.getLong("id", 0) > 0) {
        assertThat(row.getString("completion", 0)).matches("[a-c]{2,4}-\\d");
      }
    }
  }

  @Test
  void reasoningIsNoPartOfAnAnswerThatConforms() throws Exception {
    String reasoning = "reasoning: column, reasoning-marks: [<r>, </r>], reasoning-max-tokens: 6";
    new EmbeddedRuns()
        .run(job("{{ body }} <r>", "regex: ' [a-c]{2,4}-\\d', max-tokens: 30, " + reasoning));
    for (Group row : ParquetRows.read(folder.resolve("answers"))) {
      if (row.getLong("id", 0) > 0) {
        assertThat(row.getString("completion", 0)).matches(" [a-c]{2,4}-\\d");
        assertThat(row.getString("reasoning", 0)).doesNotContain("</r>");
        assertThat(row.getString("finish_reason", 0)).isEqualTo("stop");
      }
    }
  }
}
