package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.compaction.FileMerger;
import io.nightshift.connectors.parquet.compaction.Replacement;
import io.nightshift.connectors.parquet.compaction.Replacements;
import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.connectors.parquet.sink.FileLayout;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.topology.CompactJob;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs that leave many small files, and what becomes of these. */
class CompactionITCase {
  private static final int ROWS = 3000;
  private static final String UNCOMPACTED = "output.auto-compaction=false";

  @TempDir private Path folder = Path.of("");

  /** Engines that take about a second for all rows, while checkpoints complete. */
  private static final FakeEngines ENGINES = new FakeEngines(8, 64);

  @BeforeEach
  void writeInput() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Files.createDirectories(folder.resolve("input"));
    writeInput("a.parquet", 0, ROWS);
  }

  private void writeInput(String name, long firstId, int rows) throws IOException {
    ParquetRows.write(
        folder.resolve("input").resolve(name),
        "message notes { required int64 id; optional binary body (STRING); }",
        rows,
        (row, group) -> {
          group.append("id", firstId + row);
          if (row % 10 != 7) {
            group.append("body", "note " + row * 7919L % 97);
          }
        });
  }

  @Test
  void manySmallFilesBecomeOneAtTheEndOfTheRun() throws Exception {
    run(UNCOMPACTED);
    List<Group> rows = ParquetRows.read(answers());
    assertThat(files(answers())).hasSizeGreaterThan(3);

    RunReport second = run();

    assertThat(second.isNothingDone()).isTrue();
    List<Path> compacted = files(answers());
    assertThat(compacted).hasSize(1);
    assertThat(ParquetRows.read(answers()))
        .extracting(Group::toString)
        .isEqualTo(rows.stream().map(Group::toString).toList());

    run();

    assertThat(files(answers())).isEqualTo(compacted);
    assertThat(folder.resolve("answers/_nightshift/compaction.json")).doesNotExist();
  }

  @Test
  void whatALaterRunAddsIsMergedToo() throws Exception {
    run("errors.path=" + folder.resolve("failed"));
    assertThat(files(answers())).hasSize(1);
    assertThat(files(folder.resolve("failed"))).hasSize(1);

    writeInput("b.parquet", ROWS, ROWS);
    run("errors.path=" + folder.resolve("failed"));

    assertThat(files(answers())).hasSizeBetween(1, 2);
    List<Long> ids = new ArrayList<>();
    for (Path output : List.of(answers(), folder.resolve("failed"))) {
      ParquetRows.read(output).forEach(row -> ids.add(row.getLong("id", 0)));
    }
    assertThat(ids.stream().sorted())
        .containsExactlyElementsOf(LongStream.range(0, 2 * ROWS).boxed().toList());
  }

  /** The process ends after the record of a compaction and some deletions. */
  @Test
  void aRunFinishesTheCompactionOfOneThatWasKilled() throws Exception {
    run(UNCOMPACTED);
    org.apache.flink.core.fs.Path output = flinkPath(answers());
    List<FileGroup> groups = smallFiles();
    Replacement replacement =
        new FileMerger(new FileLayout(CompressionCodecName.ZSTD, 1 << 20), "")
            .merge(groups.get(0), ArrowMemory.allocator());
    org.apache.flink.core.fs.Path record =
        new org.apache.flink.core.fs.Path(output, "_nightshift/compaction.json");
    new Replacements(List.of(replacement)).write(record);
    for (String obsolete : replacement.obsolete().subList(0, 2)) {
      Files.delete(answers().resolve(obsolete));
    }

    assertThat(run(UNCOMPACTED).isNothingDone()).isTrue();

    assertThat(files(answers())).hasSize(1);
    assertThat(ParquetRows.read(answers())).hasSize(ROWS);
    // Once more: nothing is left to apply, and nothing is lost.
    new Replacements(List.of(replacement)).write(record);
    assertThat(run(UNCOMPACTED).isNothingDone()).isTrue();
    assertThat(ParquetRows.read(answers())).hasSize(ROWS);
  }

  @Test
  void aFlinkJobMergesGroupsInParallel() throws Exception {
    run(UNCOMPACTED);
    List<FileGroup> groups = smallFiles();
    FileGroup all = groups.get(0);
    List<FileGroup> halves =
        List.of(
            new FileGroup(all.folder(), new ArrayList<>(all.files().subList(0, 2))),
            new FileGroup(
                all.folder(), new ArrayList<>(all.files().subList(2, all.files().size()))));
    org.apache.flink.core.fs.Path record =
        new org.apache.flink.core.fs.Path(flinkPath(answers()), "_nightshift/compaction.json");

    CompactJob.start(
            halves,
            new FileMerger(new FileLayout(CompressionCodecName.SNAPPY, 1 << 20), ""),
            record,
            Ownership.UNDISPUTED,
            StreamExecutionEnvironment.createLocalEnvironment(2))
        .getJobExecutionResult()
        .get();

    assertThat(files(answers())).as("before they are replaced").hasSize(all.files().size());
    Replacements.read(record).orElseThrow().apply(record);
    assertThat(files(answers())).hasSize(2);
    assertThat(ParquetRows.read(answers())).hasSize(ROWS);
    assertThat(run(UNCOMPACTED).isNothingDone()).isTrue();
  }

  @Test
  void optionsThatHaveNoEffectAreRefused() {
    assertThatThrownBy(() -> run("output.order=input", UNCOMPACTED))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("output.auto-compaction has no effect with output.order input");
    assertThatThrownBy(() -> run(UNCOMPACTED, "output.file-size=8m"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("output.file-size has no effect with output.auto-compaction false");
  }

  private List<FileGroup> smallFiles() throws IOException {
    List<FileStatus> files = OutputFiles.list(List.of(flinkPath(answers())));
    return FileGroup.of(flinkPath(answers()), files, 1 << 20);
  }

  private Path answers() {
    return folder.resolve("answers");
  }

  private static org.apache.flink.core.fs.Path flinkPath(Path path) {
    return new org.apache.flink.core.fs.Path(path.toUri());
  }

  /** The visible files. */
  private static List<Path> files(Path output) throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private RunReport run(String... overrides) throws Exception {
    String job =
        """
        input: {path: %1$s/input}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {max-tokens: 2}
        output: {path: %1$s/answers}
        errors: {max-fraction: 1}
        engine: {kv-cache-memory: 2m}
        plan: {unit-tokens: 200}
        """
            .formatted(folder);
    return new EmbeddedRuns(
            (specification, model) -> ENGINES,
            Map.of("parallelism.default", "2", "execution.checkpointing.interval", "20 ms"))
        .run(job, overrides);
  }
}
