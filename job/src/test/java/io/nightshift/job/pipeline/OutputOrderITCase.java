package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.lease.Lease;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.progress.Stage;
import io.nightshift.job.progress.StageReport;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs whose output is in the order of the input. */
class OutputOrderITCase {
  private static final String SCHEMA =
      """
      message notes {
        required int64 id;
        optional binary body (STRING);
        optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
        optional int64 seen (TIMESTAMP(MICROS,true));
      }
      """;
  private static final int ROWS = 900;
  private static final int BAD = 100;

  @TempDir private Path folder = Path.of("");
  private final Random random = new Random(4);

  @BeforeEach
  void writeInput() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Files.createDirectories(folder.resolve("input"));
    write("a.parquet", 0, 400);
    write("b.parquet", 400, 1);
    write("c.parquet", 401, ROWS - 401);
  }

  /** Rows with ascending ids, whose prompts have nothing to do with their order. */
  private void write(String name, int firstId, int rows) throws IOException {
    ParquetRows.write(
        folder.resolve("input").resolve(name),
        SCHEMA,
        rows,
        (index, row) -> {
          int id = firstId + index;
          row.append("id", (long) id);
          if (id % BAD != 0) {
            row.append(
                "body",
                random
                    .ints(0, 26)
                    .limit(8000)
                    .collect(
                        StringBuilder::new,
                        (text, c) -> text.append((char) ('a' + c)),
                        StringBuilder::append)
                    .toString());
          }
          if (id % 3 == 0) {
            row.addGroup("tags").addGroup("list").append("element", "tag " + id);
          }
          if (id % 2 == 0) {
            row.append("seen", 1_700_000_000_000_000L + id);
          }
        });
  }

  @Test
  void rowsAreInTheOrderOfTheInputAndOtherwiseAsWithoutOrder() throws Exception {
    RunReport report = run("ordered", "output.order=input");
    run("unordered");

    List<Group> ordered = ParquetRows.readInOrder(folder.resolve("ordered"));
    assertThat(ids(ordered)).containsExactlyElementsOf(longs(0, ROWS));
    assertThat(texts(ordered))
        .containsExactlyElementsOf(texts(ParquetRows.read(folder.resolve("unordered"))));
    assertThat(ordered.get(0).getType().toString())
        .isEqualTo(ParquetRows.read(folder.resolve("unordered")).get(0).getType().toString());
    assertThat(report.stages())
        .extracting(StageReport::stage)
        .containsExactly(Stage.TOKENIZING, Stage.INFERRING, Stage.ORDERING);
    assertThat(files("ordered/_unordered")).isEmpty();
  }

  @Test
  void aSecondRunDoesNothingAndNewInputComesAfterTheOld() throws Exception {
    run("ordered", "output.order=input", "output.source-columns=true");
    List<Path> first = ParquetRows.files(folder.resolve("ordered"));
    assertThat(run("ordered", "output.order=input", "output.source-columns=true").text())
        .startsWith("Nothing to do");

    write("0.parquet", ROWS, 50);
    RunReport grown = run("ordered", "output.order=input", "output.source-columns=true");

    assertThat(grown.rows()).isEqualTo(50);
    assertThat(grown.rowCounts().before()).isEqualTo(ROWS);
    List<Group> rows = ParquetRows.readInOrder(folder.resolve("ordered"));
    assertThat(ids(rows)).containsExactlyElementsOf(longs(0, ROWS + 50));
    assertThat(ParquetRows.files(folder.resolve("ordered"))).startsWith(first.toArray(Path[]::new));
    assertThat(rows.get(ROWS).getString("source_file", 0)).endsWith("input/0.parquet");

    Files.delete(first.get(0));
    assertThatThrownBy(() -> run("ordered", "output.order=input", "output.source-columns=true"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("lacks " + first.get(0).getFileName())
        .hasMessageContaining("--fresh");
  }

  @Test
  void aRunThatEndedWhileItSortedGoesOnWithThat() throws Exception {
    // Where a file of the ordered rows should appear, something is in the way by then.
    assertThatThrownBy(
            () ->
                run(
                    new Obstructing(folder.resolve("ordered").toString()),
                    "ordered",
                    "output.order=input"))
        .isInstanceOf(ExecutionException.class);
    assertThat(files("ordered/_unordered/00000")).isNotEmpty();

    Path blocked = files("ordered").stream().filter(Files::isDirectory).findFirst().orElseThrow();
    Files.delete(blocked.resolve("inside"));
    Files.delete(blocked);
    Files.writeString(
        Path.of(blocked.toString().replace("-00001-", "-00007-")), "of a run with more tasks");
    Path foreign = Files.writeString(folder.resolve("ordered/part-00000-00007-00000.parquet"), "");
    assertThatThrownBy(() -> run("ordered", "output.order=input"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("part-00000-00007-00000.parquet was not written by a run");
    Files.delete(foreign);
    RunReport report = run("ordered", "output.order=input");

    assertThat(report.stages()).extracting(StageReport::stage).containsExactly(Stage.ORDERING);
    assertThat(ids(ParquetRows.readInOrder(folder.resolve("ordered"))))
        .containsExactlyElementsOf(longs(0, ROWS));
    assertThat(run("ordered", "output.order=input").text()).startsWith("Nothing to do");
    assertThatThrownBy(() -> run("ordered"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("another output.order");
  }

  @Test
  void whatARunThatEndedWhileItSortedHasWrittenIsWrittenAnewWithNewInput() throws Exception {
    assertThatThrownBy(
            () ->
                run(
                    new Obstructing(folder.resolve("ordered").toString()),
                    "ordered",
                    "output.order=input"))
        .isInstanceOf(ExecutionException.class);
    Path blocked = files("ordered").stream().filter(Files::isDirectory).findFirst().orElseThrow();
    Files.delete(blocked.resolve("inside"));
    Files.delete(blocked);
    // As if the last of several tasks had committed its file already.
    Path committed = Path.of(blocked.toString().replace("-00001-", "-00007-"));
    Files.copy(files("ordered/_unordered/00000").get(0), committed);
    write("d.parquet", ROWS, 50);

    RunReport report = run("ordered", "output.order=input");

    assertThat(report.stages())
        .extracting(StageReport::stage)
        .containsExactly(Stage.TOKENIZING, Stage.INFERRING, Stage.ORDERING);
    assertThat(committed).doesNotExist();
    assertThat(ids(ParquetRows.readInOrder(folder.resolve("ordered"))))
        .containsExactlyElementsOf(longs(0, ROWS + 50));
    assertThat(run("ordered", "output.order=input").text()).startsWith("Nothing to do");
  }

  @Test
  void filesEndAtTheirSizeAndFailedRowsAreInOrderToo() throws Exception {
    run(
        "good",
        "output.order=input",
        "output.file-size=1m",
        "output.row-group-size=1m",
        "output.compression=none",
        "errors.path=" + folder.resolve("bad"));

    List<Path> files = ParquetRows.files(folder.resolve("good"));
    assertThat(files).hasSizeGreaterThan(2);
    for (Path file : files) {
      assertThat(Files.size(file)).isLessThan(3 << 20);
    }
    List<Long> bad = LongStream.range(0, ROWS).filter(id -> id % BAD == 0).boxed().toList();
    List<Long> good = new ArrayList<>(longs(0, ROWS));
    good.removeAll(bad);
    assertThat(ids(ParquetRows.readInOrder(folder.resolve("good"))))
        .containsExactlyElementsOf(good);
    assertThat(ids(ParquetRows.readInOrder(folder.resolve("bad")))).containsExactlyElementsOf(bad);
    assertThat(files("bad/_unordered")).isEmpty();
  }

  /** The engines of any run, which put a folder in the way of a file. */
  private record Obstructing(String output) implements EngineSelection {
    @Override
    public EngineFactory select(JobSpecification job, ModelSource model) {
      EngineFactory engines = new DeviceEngines().select(job, model);
      String folder = output;
      return () -> {
        var lease = new org.apache.flink.core.fs.Path(folder, "_nightshift/lease");
        String run = new Lease(lease, Lease.holder(lease).orElseThrow().id()).runId();
        Files.createDirectories(
            Path.of(folder, "part-00000-00001-00000-" + run + ".parquet", "inside"));
        return engines.create();
      };
    }
  }

  private RunReport run(String output, String... overrides) throws Exception {
    return run(new DeviceEngines(), output, overrides);
  }

  private RunReport run(EngineSelection engines, String output, String... overrides)
      throws Exception {
    String job =
        """
        input: {path: %1$s/input}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body[:40] }}"}
        answer: {max-tokens: 3}
        output: {path: %1$s/%2$s}
        errors: {max-fraction: 0.02}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(folder, output);
    return new EmbeddedRuns(engines).run(job, overrides);
  }

  private List<Path> files(String name) throws IOException {
    return ParquetRows.files(folder.resolve(name));
  }

  private static List<Long> longs(int from, int to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private static List<Long> ids(List<Group> rows) {
    return rows.stream().map(row -> row.getLong("id", 0)).toList();
  }

  /** Rows as text, without what depends on the order in which they were answered. */
  private static List<String> texts(List<Group> rows) {
    return rows.stream().map(row -> row.toString().replaceAll("cached_tokens.*", "")).toList();
  }
}
