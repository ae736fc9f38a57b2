package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.RunReport;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs over JSON Lines. */
class JsonLinesITCase {
  private static final String NOTES =
      """
      {"id": 1, "text": "one", "tags": ["a", "b"], "by": {"name": "x", "age": 1}}

      {"id": 2, "text": "two", "tags": []}
      {"id": 3, "text": "three"
      {"id": 4, "text": "four", "by": {"name": null, "age": 1.5}}
      """;

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void layDownTheModel() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Files.createDirectories(folder.resolve("input"));
  }

  @Test
  void rowsAreAnsweredOnceWithTheirColumnsAndLines() throws Exception {
    write("b.jsonl", NOTES);
    compress(
        "a.jsonl.gz",
        "{\"id\": 0, \"text\": \"zero\", \"none\": null, \"no\": [], \"empty\": {}}\n");
    String text = "prompt.text={{ text }}";
    String[] options = {
      text, "output.order=input", "output.source-columns=true", "errors.max-fraction=0.5"
    };
    assertThat(new EmbeddedRuns().plan(job(), options).text()).contains("1 row with invalid_value");
    RunReport report = run(options);

    assertThat(report.rows()).isEqualTo(5);
    List<Group> rows = rows();
    assertThat(rows).extracting(row -> optional(row, "id")).containsExactly("0", "1", "2", "", "4");
    assertThat(rows)
        .extracting(row -> row.getLong("source_row", 0))
        .containsExactly(0L, 0L, 2L, 3L, 4L);
    assertThat(rows.get(1).toString())
        .contains("by\n  name: x\n  age: 1.0", "list\n    element: a", "list\n    element: b");
    assertThat(rows.get(3).getString("error_code", 0)).isEqualTo("invalid_value");
    assertThat(rows.get(3).getString("error_message", 0))
        .contains("input/b.jsonl: line 4, column ", "end-of-input");
    assertThat(rows.stream().filter(row -> row.getFieldRepetitionCount("completion") == 1))
        .hasSize(4);

    assertThat(run(options).text()).startsWith("Nothing to do");
    write("c.jsonl", "\n{\"id\": 5, \"text\": \"five\", \"tags\": [null]}");
    assertThat(run(options).rows()).isEqualTo(1);
    assertThat(rows()).hasSize(6).last().extracting(row -> optional(row, "id")).isEqualTo("5");
    write("c.jsonl", "{\"id\": 6}");
    assertThatThrownBy(() -> run(options))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("c.jsonl (was ")
        .hasMessageContaining("--fresh");
  }

  @Test
  void columnsAreThoseOfPyarrow() throws Exception {
    write(
        "a.jsonl",
        """
        {"id": 1, "text": "ünï\\ud83d\\ude00\\n", "n": 1, "ok": true, "none": null, "l": [[1], [], null]}
        {"id": -9223372036854775808, "text": "b", "n": -0.5e-3, "o": {"a": "x", "deep": {"l": []}}}
        {"id": 3, "text": "c", "n": null, "l": [], "o": {"deep": {"l": [{"z": false}]}, "b": 2}}
        """);
    run("prompt.text={{ text }}");
    assertThat(
            Python.run(
                folder,
                """
                import pyarrow.json
                before = pyarrow.json.read_json("input/a.jsonl")
                after = pq.ParquetFile(glob.glob("answers/*.parquet")[0]).read()
                columns = before.column_names
                order = lambda table: sorted(table.select(columns).to_pylist(), key=lambda row: row["text"])
                print(after.column_names[:len(columns)] == columns)
                print(order(after) == order(before))
                print([str(after.schema.field(c).type) for c in columns[:5]])
                print([str(before.schema.field(c).type) for c in columns[:5]])
                """))
        .containsExactly(
            "True",
            "True",
            "['int64', 'string', 'double', 'bool', 'null']",
            "['int64', 'string', 'double', 'bool', 'null']");
  }

  @Test
  void conversationsComeFromAColumn() throws Exception {
    write(
        "a.jsonl",
        """
        {"id": 1, "chat": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}
        {"id": 2, "chat": [{"role": "user", "content": "Hi"}, {"role": "human", "content": "Ho"}]}
        {"id": 3, "chat": []}
        {"id": 4}
        {"id": 5, "chat": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?", "name": "Bo"}, {"role": "user", "content": "Go."}]}
        """);
    run("prompt.messages=chat", "output.columns=[id]", "errors.max-fraction=1");

    List<Group> rows = ParquetRows.read(folder.resolve("answers"));
    assertThat(rows)
        .extracting(row -> optional(row, "error_code"))
        .containsExactly("", "invalid_value", "prompt_empty", "prompt_null", "");
    assertThat(rows.get(1).getString("error_message", 0)).startsWith("chat[1].role is \"human\"");
    assertThat(rows.get(4).getInteger("prompt_tokens", 0))
        .isGreaterThan(rows.get(0).getInteger("prompt_tokens", 0));

    assertThatThrownBy(() -> run("prompt.messages=id"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("prompt.messages names the column id, which is id: Int(64, true)");
    assertThatThrownBy(() -> run("prompt.messages=chats"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("column chats is missing. Did you mean chat?");
  }

  @Test
  void filesOfTheOtherFormatAreRefusedWithTheRemedy() throws Exception {
    write("a.jsonl", NOTES);
    assertThatThrownBy(() -> run("prompt.text={{ text }}", "input.format=parquet"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("a.jsonl is read as parquet")
        .hasMessageContaining("set input.format: jsonl");
    ParquetRows.write(
        folder.resolve("input/a.parquet"),
        "message m { required int64 id; }",
        1,
        (index, row) -> row.append("id", 1L));
    Files.delete(folder.resolve("input/a.jsonl"));
    assertThatThrownBy(() -> run("prompt.text={{ text }}"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("a.parquet is read as jsonl")
        .hasMessageContaining("set input.format: parquet");
  }

  private String job() {
    return """
        input: {path: %1$s/input, format: jsonl}
        model: {path: %1$s/model, device: cpu}
        answer: {max-tokens: 3}
        output: {path: %1$s/answers}
        engine: {kv-cache-memory: 2m}
        """
        .formatted(folder);
  }

  private RunReport run(String... overrides) throws Exception {
    return new EmbeddedRuns().run(job(), overrides);
  }

  private List<Group> rows() throws IOException {
    return ParquetRows.readInOrder(folder.resolve("answers"));
  }

  private static String optional(Group row, String column) {
    return row.getFieldRepetitionCount(column) == 0
        ? ""
        : row.getValueToString(index(row, column), 0);
  }

  private static int index(Group row, String column) {
    return row.getType().getFieldIndex(column);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve("input").resolve(name), text);
  }

  private void compress(String name, String text) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("input").resolve(name)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
