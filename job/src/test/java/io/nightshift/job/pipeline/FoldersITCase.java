package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.lease.Lease;
import io.nightshift.connectors.lease.LeaseHolder;
import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.pipeline.Pipeline.Start;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.run.JobIdentity;
import io.nightshift.job.run.JobPaths.NamedPath;
import io.nightshift.job.run.OutputClaim;
import io.nightshift.job.run.RunFolder;
import io.nightshift.job.run.WorkFolder;
import io.nightshift.operators.infer.EngineDevices;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole jobs and the folders that they name: what is read, written and deleted where. */
class FoldersITCase {
  private static final String SCHEMA =
      "message notes { required int64 id; optional binary body (STRING); }";
  private static final int ROWS = 3;

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeInput() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    write("data/jan/a.parquet", 0, ROWS);
    Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("data"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data             | output.path | data/answers
          data             | output.path | data/_answers
          data/*           | output.path | data/answers
          data/*/*.parquet | output.path | data/answers
          data/**          | output.path | data/jan/answers
          alias            | output.path | data/answers
          data             | output.path | alias/answers
          data/jan/*       | output.path | data
          data             | errors.path | data/errors
          data/*           | errors.path | data/errors
          data             | errors.path | .
          data/*/*         | plan.folder | data/work
          data             | plan.folder | alias/_work
          """)
  void noFolderOverlapsTheInput(String input, String option, String place) throws IOException {
    Map<String, Long> before = tree("data");
    for (String scheme : List.of("", "FILE://localhost")) {
      assertThatThrownBy(
              () ->
                  run(
                      "input.path=" + scheme + folder.resolve(input),
                      option + "=" + folder.resolve(place)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining(option + " ")
          .hasMessageContaining("input.path ")
          .hasMessageContaining("use a folder");
    }
    assertThat(tree("data")).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "errors.path, answers",
    "errors.path, answers/errors",
    "errors.path, answers/_unordered/x",
    "errors.path, answers/_nightshift/errors",
    "output.path, bad/answers",
    "plan.folder, answers",
    "plan.folder, answers/plan",
    "plan.folder, answers/_nightshift/lease",
    "plan.folder, bad/work",
    "output.path, work/plan/answers"
  })
  void foldersThatBreakEachOtherAreRefused(String option, String place) throws IOException {
    Map<String, Long> before = tree("");
    assertThatThrownBy(
            () ->
                run(
                    "errors.path=" + folder.resolve("bad"),
                    "plan.folder=" + folder.resolve("work"),
                    option + "=" + folder.resolve(place)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(option + " " + folder.resolve(place))
        .hasMessageContaining("in each other's way");
    assertThat(tree("")).isEqualTo(before);
  }

  @Test
  void foldersThatReadersSkipMayLieInTheOutput() throws Exception {
    String[] job = {
      "input.path=" + folder + "/data/*/*.parquet",
      "errors.path=" + folder.resolve("answers/_errors"),
      "plan.folder=" + folder.resolve("answers/_plan")
    };
    write("data/feb/b.parquet", ROWS, 1, true);
    assertThat(run(job).rows()).isEqualTo(ROWS + 1);
    assertThat(run(job).stages()).isEmpty();
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(ROWS);
    assertThat(ParquetRows.read(folder.resolve("answers/_errors"))).hasSize(1);

    run(Start.FRESH, new DeviceEngines(), job);
    assertThat(ParquetRows.read(folder.resolve("answers-2/_errors"))).hasSize(1);
    assertThat(folder.resolve("answers-2/_plan/job.json")).exists();
    assertThat(folder.resolve("answers/_errors-2")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan/mine.txt", "ordered/mine.txt", "plan", "job.json", "output.json"})
  void aPlanFolderWithFilesOfOthersIsRefused(String file) throws Exception {
    Path mine = folder.resolve("project").resolve(file);
    Files.createDirectories(mine.getParent());
    Files.writeString(mine, "{\"mine\": true}");
    assertThatThrownBy(() -> run("plan.folder=" + folder.resolve("project")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(folder.resolve("project").toString())
        .hasMessageContaining(file.replaceFirst("/.*", ""))
        .hasMessageContaining("use another");
    assertThat(mine).hasContent("{\"mine\": true}");
  }

  @Test
  void whatOthersPutIntoThePlanFolderLaterStays() throws Exception {
    String plans = "plan.folder=" + folder.resolve("project");
    run(plans);
    List<Path> mine =
        List.of(
            folder.resolve("project/plan/mine.txt"),
            folder.resolve("project/plan/mine/unit-0"),
            folder.resolve("project/ordered/mine.json"),
            folder.resolve("answers/.part-7.parquet.inprogress.8"));
    for (Path file : mine) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "mine");
    }
    List<Path> answers = ParquetRows.files(folder.resolve("answers"));
    for (Path file : answers) {
      Files.delete(file);
    }
    assertThat(run(plans, "prompt.text=Note: {{ body }}").rows()).isEqualTo(ROWS);
    assertThat(mine).allSatisfy(file -> assertThat(file).hasContent("mine"));
    try (Stream<Path> plan = Files.list(folder.resolve("project/plan"))) {
      assertThat(plan.filter(file -> file.getFileName().toString().startsWith("0"))).hasSize(1);
    }
  }

  @Test
  void foldersBesideTheOutputBelongToOneOutput() throws Exception {
    String plans = "plan.folder=" + folder.resolve("work");
    String errors = "errors.path=" + folder.resolve("bad");
    run(plans, errors);
    Map<String, Long> before = tree("work");

    for (String shared : List.of(plans, errors)) {
      assertThatThrownBy(
              () ->
                  run(
                      shared,
                      "output.path=" + folder.resolve("others"),
                      "prompt.text=x {{ body }}"))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining(shared.replaceFirst("=.*", ""))
          .hasMessageContaining("belongs to the answers in " + folder.resolve("answers"));
    }
    assertThat(tree("work")).isEqualTo(before);

    Files.move(folder.resolve("answers"), folder.resolve("moved"));
    assertThat(run(plans, errors, "output.path=" + folder.resolve("moved")).stages()).isEmpty();
  }

  @Test
  void ofTwoJobsThatBeginAtOnceOneHasTheOutput() throws Exception {
    CountDownLatch ready = new CountDownLatch(2);
    List<CompletableFuture<Long>> runs = new ArrayList<>();
    for (String prompt : List.of("First: {{ body }}", "Second: {{ body }}")) {
      runs.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return run(new StartedTogether(ready), "prompt.text=" + prompt).rows();
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              },
              task -> new Thread(task).start()));
    }
    int answered = 0;
    for (CompletableFuture<Long> run : runs) {
      try {
        assertThat(run.get()).isEqualTo(ROWS);
        answered++;
      } catch (ExecutionException refused) {
        assertThat(refused)
            .rootCause()
            .message()
            .containsAnyOf("another run has taken over", "another run writes to", "another job");
      }
    }
    assertThat(answered).isEqualTo(1);
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(ROWS);
    try (Stream<Path> plans = Files.list(folder.resolve("answers/_nightshift/plan"))) {
      assertThat(plans).hasSize(1);
    }
  }

  @Test
  void aRunThatHasLostItsLeaseClaimsNothing() throws Exception {
    run("plan.folder=" + folder.resolve("work"));
    for (Path file : ParquetRows.files(folder.resolve("answers"))) {
      Files.delete(file);
    }
    RunFolder there =
        new RunFolder(
            new NamedPath("output.path", flinkPath("answers")),
            Optional.of(flinkPath("bad")),
            new WorkFolder(new NamedPath("plan.folder", flinkPath("work"))),
            false);
    LeaseHolder slow = new LeaseHolder("slow", "a test");
    LeaseHolder fast = new LeaseHolder("fast", "a test");
    Lease lost = Lease.take(there.lease(), slow, Optional.empty());
    Lease.take(there.lease(), fast, Optional.of(slow));
    Map<String, Long> before = tree("");

    assertThatThrownBy(
            () ->
                new OutputClaim(there).claim(new JobIdentity(1, Map.of("prompt", "x")), lost, slow))
        .isInstanceOf(LeaseLostException.class);
    assertThat(tree("")).isEqualTo(before);
  }

  private org.apache.flink.core.fs.Path flinkPath(String name) {
    return new org.apache.flink.core.fs.Path(folder.resolve(name).toUri());
  }

  /** Chooses engines whose device is looked for, just before the lease is taken, by both runs. */
  private record StartedTogether(CountDownLatch ready) implements EngineSelection {
    @Override
    public EngineFactory select(JobSpecification job, ModelSource model) {
      return new AwaitedEngines(new DeviceEngines().select(job, model), ready);
    }
  }

  private static final class AwaitedEngines implements EngineFactory {
    private static final long serialVersionUID = 1;
    private final EngineFactory engines;
    private final transient CountDownLatch ready;

    AwaitedEngines(EngineFactory engines, CountDownLatch ready) {
      this.engines = engines;
      this.ready = ready;
    }

    @Override
    public TaskEngine create() throws Exception {
      return engines.create();
    }

    @Override
    public EngineDevices requireDevices(int engines) {
      ready.countDown();
      try {
        assertThat(ready.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return EngineDevices.SHARED;
    }
  }

  /** Of files, and of folders on the way to them and to the output. */
  @Test
  void namesMayHaveAnyCharacter() throws Exception {
    List<String> names =
        List.of(
            "events_2024-01-01T12:30:00",
            "a:b",
            "100% of a+b #1",
            "what?",
            "[a]{b,c}*",
            "it's \"so\"",
            "na\u00efve \u8a71",
            "-rf");
    for (String name : names) {
      write("named/" + name + "/" + name + ".parquet", 0, ROWS);
    }
    int rows = names.size() * ROWS;
    String place = "to/" + String.join("/", names);
    String output = "output.path=" + folder.resolve(place);
    String[] job = {"input.path=" + folder.resolve("named"), output, "output.source-columns=true"};
    assertThat(run(job).rows()).isEqualTo(rows);
    assertThat(run(job).stages()).isEmpty();
    List<Group> answers = ParquetRows.read(folder.resolve(place));
    assertThat(answers).hasSize(rows);
    for (String name : names) {
      assertThat(answers)
          .filteredOn(row -> row.getString("source_file", 0).endsWith("/" + name + ".parquet"))
          .as(name)
          .hasSize(ROWS);
    }
    assertThat(run(Start.FRESH, new DeviceEngines(), job).outputPath()).endsWith("/-rf-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"any", "input"})
  void anInputWithoutRowsHasAnOutputWithColumns(String order) throws Exception {
    Files.createDirectories(folder.resolve("empty"));
    write("empty/a.parquet", 0, 0);
    String[] job = {"input.path=" + folder.resolve("empty"), "output.order=" + order};
    assertThat(run(job).text()).startsWith("Answered 0 rows");
    List<Path> files = ParquetRows.files(folder.resolve("answers"));
    assertThat(files).hasSize(1);
    assertThat(ParquetRows.schema(files.get(0)).getFields())
        .extracting(field -> field.getName())
        .startsWith("id", "body", "completion", "finish_reason")
        .doesNotContain("source_file");
    assertThat(run(job).text()).startsWith("Nothing to do");

    write("empty/b.parquet", 0, ROWS);
    assertThat(run(job).rows()).isEqualTo(ROWS);
    assertThat(ParquetRows.read(folder.resolve("answers"))).hasSize(ROWS);
    assertThat(run(job).text()).startsWith("Nothing to do");
  }

  @ParameterizedTest
  @ValueSource(strings = {"output.path", "errors.path", "plan.folder"})
  void aFileInPlaceOfAFolderIsNamed(String option) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    for (Path place : List.of(file, file.resolve("below"), file.resolve("far/below"))) {
      assertThatThrownBy(() -> run(option + "=" + place))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining(option + " " + place)
          .hasMessageContaining("is a file");
    }
    assertThat(file).hasContent("mine");
  }

  private RunReport run(String... overrides) throws Exception {
    return run(new DeviceEngines(), overrides);
  }

  private RunReport run(EngineSelection engines, String... overrides) throws Exception {
    return run(Start.CONTINUE, engines, overrides);
  }

  private RunReport run(Start start, EngineSelection engines, String... overrides)
      throws Exception {
    String job =
        """
        input: {path: %1$s/data}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {max-tokens: 1}
        output: {path: %1$s/answers}
        errors: {max-fraction: 1}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(folder);
    return new EmbeddedRuns(engines).run(start, job, overrides);
  }

  private void write(String name, int firstId, int rows) throws IOException {
    write(name, firstId, rows, false);
  }

  private void write(String name, int firstId, int rows, boolean bad) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ParquetRows.write(
        file,
        SCHEMA,
        rows,
        (index, row) -> {
          row.append("id", (long) firstId + index);
          if (!bad) {
            row.append("body", "note " + index);
          }
        });
  }

  /** All files below a folder, with their sizes. */
  private Map<String, Long> tree(String name) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sizes.put(file.toString(), Files.size(file));
      }
    }
    return sizes;
  }
}
