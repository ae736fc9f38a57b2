package io.nightshift.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.pipeline.DeviceEngines;
import io.nightshift.job.pipeline.FlinkPipeline;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.pipeline.Python;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Job files that init writes, completed as its comments say, planned and run. */
class InitITCase {
  /** Columns of many types and of names that YAML, Jinja and the output have other uses for. */
  private static final String PYARROW =
      """
      import datetime
      rows = pa.table({
          "id": pa.array([1, 2, 3], pa.int64()),
          "uuid": ["1b4e28ba-2fa1", "6fa459ea-ee8a", "16fd2706-8baf"],
          "body text": ["the line is dead", None, "my bill is wrong, twice"],
          "order": pa.array([{"items": "two lamps", "total": 3.5}, {"items": "a red chair", "total": 1.0},
                             {"items": "one table", "total": None}]),
          "tags": [["a"], [], ["b", "c"]],
          "sizes": pa.array([[("s", 1)], [], None], pa.map_(pa.string(), pa.int64())),
          "raw": [b"\\x00\\xff", b"", None],
          "photo": [b"p" * 500] * 3,
          "at": pa.array([datetime.datetime(2026, 1, 1)] * 3, pa.timestamp("us")),
          "no": [True, False, None],
          "completion": ["x y", "y z", "z x"],
          'a "quoted" {{ name }}': ["x", "y", "z"],
      })
      pq.write_table(rows, "data.parquet")
      """;

  @TempDir private Path folder = Path.of("");
  private String complaint = "";
  private String printed = "";

  @BeforeEach
  void layDownTheModel() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
  }

  @Test
  void aJobForAFileOfPyarrowRunsOnceItHasLabels() throws Exception {
    Python.run(folder, PYARROW);
    assertThat(init("data.parquet")).as(complaint).isZero();
    String draft = Files.readString(folder.resolve("job.yaml"));
    assertThat(draft)
        .contains(
            """
              user: |-
                body text: {{ row["body text"] or '' }}
                items: {{ order["items"] }}
                {{ completion }}
            """
                .replace("{{ completion }}", "completion: {{ completion }}"))
        .contains(
            """
              # Left out, because answers have columns of these names: completion
              # Left out, because they are long, as far as the first rows show: photo
              columns: [id, uuid, "body text", order, tags, sizes, raw, at, "no", "a \\"quoted\\" {{ name }}"]
            """)
        .contains("#   tags                 list of text\n");

    assertThat(plan()).isEqualTo(Outcome.WRONG_CALL);
    assertThat(complaint).contains("answer.choices needs two choices or more, but has 0");

    complete(draft);
    assertThat(plan()).as(complaint).isZero();
    assertThat(run()).as(complaint).isZero();
    List<Group> rows = ParquetRows.read(folder.resolve("answers"));
    assertThat(rows).hasSize(3);
    assertThat(rows)
        .allSatisfy(row -> assertThat(row.getString("completion", 0)).isIn("lamp", "bill"))
        .allSatisfy(
            row ->
                assertThat(row.getType().getFields())
                    .extracting(Type::getName)
                    .contains("order", "tags", "sizes", "raw")
                    .doesNotContain("photo"));
    assertThat(rows.stream().filter(row -> row.getFieldRepetitionCount("raw") == 1))
        .extracting(row -> row.getBinary("raw", 0).length())
        .containsExactlyInAnyOrder(2, 0);
  }

  @Test
  void aColumnWithoutANameIsReadAndKept() throws Exception {
    Python.run(folder, "pq.write_table(pa.table({'': ['one two', 'three']}), 'data.parquet')\n");
    runCompleted("data.parquet");
    assertThat(ParquetRows.readInOrder(folder.resolve("answers")))
        .extracting(row -> row.getString("", 0))
        .containsExactlyInAnyOrder("one two", "three");
  }

  @Test
  void aColumnRowHidesColumnsWhoseNamesAreNoVariables() throws Exception {
    Files.writeString(
        folder.resolve("data.jsonl"),
        """
        {"row": "the first one", "zip code": "a b 1"}
        {"row": "the second one", "zip code": "a b 2"}
        """);
    String draft = runCompleted("data.jsonl");
    assertThat(draft)
        .contains("    {{ row }}\n", "  columns: [row, \"zip code\"]\n")
        .containsPattern("#   zip code +text; templates cannot read it, because the column row");

    Files.writeString(folder.resolve("hidden.jsonl"), "{\"zip code\": \"a\", \"row\": null}\n");
    Files.delete(folder.resolve("job.yaml"));
    assertThat(init("hidden.jsonl")).isZero();
    assertThat(Files.readString(folder.resolve("job.yaml"))).contains("row: {{ row | tojson }}");
  }

  /** Does what the draft asks for, and returns it. */
  private String runCompleted(String data) throws IOException {
    assertThat(init(data)).as(complaint).isZero();
    String draft = Files.readString(folder.resolve("job.yaml"));
    complete(draft);
    assertThat(run()).as(complaint).isZero();
    assertThat(ParquetRows.readInOrder(folder.resolve("answers")))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.getFieldRepetitionCount("error_code")).isZero());
    return draft;
  }

  @Test
  void columnsThatNotAllFilesHaveAreToldWithTheFiles() throws Exception {
    writeRow("some/a.parquet", "id", "text");
    writeRow("some/b.parquet", "id", "body");
    assertThat(init("some")).as(complaint).isZero();
    assertThat(Files.readString(folder.resolve("job.yaml")))
        .contains("    {{ id }}\n", "  columns: [id]\n")
        .containsPattern(
            "#   text +cannot be read, nor kept: column text is in \\S+a.parquet, but not in"
                + " \\S+b.parquet\n")
        .containsPattern("#   body +cannot be read, nor kept: column body is in \\S+b.parquet");
  }

  @Test
  void anInputThatAPromptCanPrintNothingOfIsRefused() throws Exception {
    writeRow("other/a.parquet", "text");
    writeRow("other/b.parquet", "body");
    assertRefused("other has no column that a prompt can print", "other");
    assertThat(complaint)
        .containsPattern("column text is in \\S+a.parquet, but not in \\S+b.parquet")
        .containsPattern("column body is in \\S+b.parquet, but not in \\S+a.parquet");
    Files.createFile(folder.resolve("zero.jsonl"));
    assertRefused("zero.jsonl has no columns", "zero.jsonl");
    ParquetRows.write(
        folder.resolve("images.parquet"),
        "message images { required binary image; }",
        1,
        (id, row) -> row.append("image", "x"));
    assertRefused("column image is bytes, which has no text", "images.parquet");
  }

  private void writeRow(String name, String... columns) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ParquetRows.write(
        file,
        Stream.of(columns)
            .map(column -> "required binary " + column + " (STRING); ")
            .collect(Collectors.joining("", "message rows { ", "}")),
        1,
        (id, row) -> Stream.of(columns).forEach(column -> row.append(column, "a text")));
  }

  @Test
  void commandsQuoteTheNameOfTheFile() throws Exception {
    writeNotes("data.parquet");
    Path file = folder.resolve("it's my job.yaml");
    assertThat(init("data.parquet", file.getFileName().toString())).isZero();
    String command = "nightshift plan '" + file.toString().replace("'", "'\\''") + "'";
    assertThat(printed)
        .isEqualTo("Wrote " + file + ". Change what says CHANGE in it, then: " + command + "\n");
    assertThat(Files.readString(file)).contains("#   " + command + " ");
  }

  /** Instead of choices, as the comment says. */
  @Test
  void freeTextTakesThePlaceOfChoices() throws Exception {
    writeNotes("data.parquet");
    assertThat(init("data.parquet")).isZero();
    String draft = Files.readString(folder.resolve("job.yaml"));
    complete(draft.replace("  choices: []\n", "").replace("# max-tokens", "max-tokens"));
    assertThat(plan()).as(complaint).isZero();
  }

  @Test
  void aJobForJsonLinesRunsOnceItHasLabels() throws Exception {
    Files.writeString(
        folder.resolve("data.jsonl"),
        """
        {"id": 1, "ticket": {"body": "the line is dead", "by": {"name": "A. B."}}, "code": "x1"}
        {"id": 2, "ticket": {"body": "wrong bill", "by": null}, "code": "x2"}
        """);
    assertThat(init("data.jsonl")).as(complaint).isZero();
    String draft = Files.readString(folder.resolve("job.yaml"));
    assertThat(draft)
        .contains("  format: jsonl\n")
        .contains(
            """
                body: {{ ticket.body }}
                name: {{ (ticket.by.name or '') if ticket and ticket.by else '' }}
            """)
        .contains("  columns: [id, ticket, code]\n");

    complete(draft);
    assertThat(run()).as(complaint).isZero();
    assertThat(ParquetRows.read(folder.resolve("answers")))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.getFieldRepetitionCount("error_code")).isZero());
  }

  @Test
  void rowsWithoutTextsAreWrittenAsJson() throws Exception {
    ParquetRows.write(
        folder.resolve("data.parquet"),
        "message numbers { required int64 id; required double price; required binary image; }",
        1,
        (id, row) -> row.append("id", 1L).append("price", 2.5).append("image", "x"));
    assertThat(init("data.parquet")).as(complaint).isZero();
    String draft = Files.readString(folder.resolve("job.yaml"));
    assertThat(draft)
        .contains("id: {{ id | tojson }}\n", "price: {{ price | tojson }}\n")
        .doesNotContain("{{ image");
    complete(draft);
    assertThat(plan()).as(complaint).isZero();
  }

  @Test
  void anExistingFileIsNotOverwritten() throws Exception {
    writeNotes("data.parquet");
    Files.writeString(folder.resolve("job.yaml"), "mine");
    assertThat(init("data.parquet")).isEqualTo(Outcome.WRONG_CALL);
    assertThat(complaint)
        .endsWith("job.yaml exists; give another name with -o, or delete it to have a new one");
    assertThat(folder.resolve("job.yaml")).hasContent("mine");
  }

  @Test
  void whatIsWrongIsToldAndNothingWritten() throws Exception {
    writeNotes("mixed/a.parquet");
    Files.writeString(folder.resolve("mixed/b.jsonl"), "{}");
    Files.writeString(folder.resolve("broken.parquet"), "no Parquet at all");
    assertRefused("none.parquet", "none.parquet");
    assertRefused("broken.parquet", "broken.parquet");
    assertRefused("mixed: there are files of Parquet and of JSON Lines, such as ", "mixed");
    assertThat(complaint).containsPattern("mixed/a.parquet and \\S+mixed/b.jsonl;");
    Files.writeString(folder.resolve("x.csv"), "id,text\n1,a\n");
    assertRefused("Only Parquet and JSON Lines (input.format: jsonl) are read", "x.csv");
    writeNotes("data.parquet");
    assertThat(init("data.parquet", "none/job.yaml")).isEqualTo(Outcome.WRONG_CALL);
    assertThat(complaint).contains("none/job.yaml does not exist; create it");
    assertThat(execute(new InitCommand(), "init", "x", "-o", "s3://bucket/job.yaml"))
        .isEqualTo(Outcome.WRONG_CALL);
    assertThat(complaint).contains("must be the name of a local file");
  }

  private void assertRefused(String expected, String data) {
    assertThat(init(data)).isEqualTo(Outcome.WRONG_CALL);
    assertThat(complaint).contains(expected);
    assertThat(folder.resolve("job.yaml")).doesNotExist();
  }

  private void writeNotes(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ParquetRows.write(
        file,
        "message notes { required binary body (STRING); }",
        1,
        (id, row) -> row.append("body", "a note"));
  }

  /** Does what the draft's comments ask for. */
  private void complete(String draft) throws IOException {
    Files.writeString(
        folder.resolve("job.yaml"),
        draft
            .replace("choices: []", "choices: [lamp, bill]")
            .replace("hf:HuggingFaceTB/SmolLM2-135M-Instruct", folder.resolve("model").toString())
            .replace("answers/", folder.resolve("answers").toString()));
  }

  private int init(String data) {
    return init(data, "job.yaml");
  }

  private int init(String data, String file) {
    return execute(
        new InitCommand(),
        "init",
        folder.resolve(data).toString(),
        "-o",
        folder.resolve(file).toString());
  }

  private int plan() {
    return execute(
        new PlanCommand(pipeline(), source -> () -> {}),
        "plan",
        folder.resolve("job.yaml").toString(),
        "--set=engine.kv-cache-memory=2m");
  }

  private int run() {
    return execute(
        new RunCommand(pipeline(), source -> () -> {}),
        "run",
        folder.resolve("job.yaml").toString(),
        "--set=engine.kv-cache-memory=2m");
  }

  private static FlinkPipeline pipeline() {
    return FlinkPipeline.embedded(ModelLocator.ofThisProcess(notice -> {}), new Configuration())
        .withEngines(new DeviceEngines());
  }

  private int execute(Object command, String... arguments) {
    StringWriter out = new StringWriter();
    Outcome outcome =
        new CommandLineInterface(List.of(command), new PrintWriter(out)).execute(arguments);
    printed = out.toString();
    complaint = outcome.complaint().orElse("");
    return outcome.status();
  }
}
